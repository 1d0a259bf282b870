"""Markdown of a chapter becomes HTML with the desk's own addresses, and nothing else gets in."""

from __future__ import annotations

from desk.handbook.markdown import rendering


def rendered(text):
    return rendering(f"# Title\n\n{text}", picture=lambda address: {"src": f"/here{address[2:]}"})


def test_the_title_stands_apart_from_the_text():
    chapter = rendered("One line.")
    assert (chapter.title, chapter.html) == ("Title", "<p>One line.</p>\n")


def test_a_heading_names_its_anchor():
    chapter = rendered("## Sign in {#sign-in}\n\nText with **a button** and `code`.")
    assert chapter.html.startswith('<h2 id="sign-in">Sign in</h2>')
    (section,) = chapter.sections
    assert section == ("sign-in", "Sign in", "Text with a button and code.")


def test_links_between_chapters_lead_to_their_pages():
    html = rendered("[Letters](10-letters.md#copies), [questions](11-questions.md)").html
    assert 'href="/help/letters#copies"' in html
    assert 'href="/help/questions"' in html


def test_a_picture_keeps_its_description():
    html = rendered('![The "inbox"](../pictures/en/inbox.png)').html
    assert 'src="/here/pictures/en/inbox.png"' in html
    assert 'alt="The &quot;inbox&quot;"' in html


def test_html_is_shown_as_it_is_written():
    html = rendered(
        '<script>x</script> <img src=x onerror=y>\n\n[a](javascript:b) <a id="z"></a>'
    ).html
    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html


def test_a_table_is_a_table():
    assert "<th>light</th>" in rendered("| light | means |\n|---|---|\n| red | late |").html
