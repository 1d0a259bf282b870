from __future__ import annotations


def test_x(signed_in):
    b = signed_in("chen")
    r = b.get("/account")
    print(r.text[:3000])
    assert r.status_code == 200
    r = b.post_form("/clock", to="day", then="/account")
    print(r.status_code, r.url)
    assert "演示已推進" in r.text
    r = b.get("/nothing")
    assert r.status_code == 404
    print(r.headers)
