"""Answers of gateways: a yes, a no, and what nobody knows, which is not a yes."""

from __future__ import annotations

import pytest

from catalog.errors import InvalidError
from tasks.post.channels.answers import LONGEST, Answer, condition, judge
from tasks.post.channels.channel import (
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
)
from tasks.post.channels.options import options

YES, DEAD, LATER = "yes", RefusedError, TryAgainError
OUTCOMES = {RefusedError: "dead", TryAgainError: "later"}


def outcome(kind, status, body, **options):
    try:
        judge(Answer(status, body), kind, **options)
    except ChannelStoppedError as error:
        return error.kind
    except NotSentError as error:
        return OUTCOMES[type(error)]
    return "yes"


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, "", "yes"),
        (204, "", "yes"),
        (200, " \n", "yes"),
        (200, "OK", "yes"),
        (200, '"success"', "yes"),
        (200, "true", "yes"),
        (200, "发送成功", "yes"),
        (200, '{"errcode":0,"errmsg":"ok"}', "yes"),
        (200, '{"code":"0","data":{"id":7}}', "yes"),
        (200, '{"code":200,"msg":"操作成功"}', "yes"),
        (202, '{"status":"accepted"}', "yes"),
        (200, '{"success":true,"code":1}', "yes"),
        (200, '{"error":null,"result":"ok"}', "yes"),
        (200, '{"code":500,"success":"false"}', "later"),
        (200, '{"code":500,"success":"false","msg":"号码错误"}', "dead"),
        (200, '{"code":401,"msg":"unauthorized"}', "stopped"),
        (200, '{"code":429}', "slowed"),
        (200, '{"success":"false"}', "dead"),
        (200, '{"status":"error","message":"no such number"}', "dead"),
        (200, '{"errcode":45009,"errmsg":"x"}', "slowed"),
        (200, '{"ret":0,"errno":12}', "dead"),
        (200, '{"status":"fail","msg":"账户余额不足"}', "stopped"),
        (200, '{"error":"rate limited"}', "slowed"),
        (200, "Error: 手机号码为空", "dead"),
        (200, "false", "dead"),
        (200, '{"code":1}', "unclear"),
        (200, '{"id":"7"}', "unclear"),
        (200, "[]", "unclear"),
        (200, "null", "unclear"),
        (200, "{", "unclear"),
        (200, "<html><title>Sign in</title></html>", "unclear"),
        (200, "nothing to report", "unclear"),
        (200, None, "unclear"),
        (400, "", "dead"),
        (400, '{"message":"invalid access_token"}', "stopped"),
        (401, "", "stopped"),
        (302, "", "stopped"),
        (404, "", "stopped"),
        (413, "", "dead"),
        (429, "", "slowed"),
        (500, "", "later"),
        (503, "OK", "later"),
    ],
)
def test_the_answer_of_a_plain_gateway(status, body, result):
    assert outcome("json", status, body) == result


@pytest.mark.parametrize(
    ("kind", "status", "body", "result"),
    [
        ("wecombot", 200, '{"errcode":0,"errmsg":"ok"}', "yes"),
        ("wecombot", 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', "stopped"),
        ("wecombot", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', "slowed"),
        ("wecombot", 200, '{"errcode":-1,"errmsg":"system busy"}', "later"),
        ("wecombot", 200, '{"errcode":40058,"errmsg":"content exceed max length"}', "dead"),
        ("wecombot", 200, "<html>a portal</html>", "unclear"),
        ("wecombot", 200, "", "unclear"),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"keywords not in content"}', "stopped"),
        ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast"}', "slowed"),
        ("feishu", 200, '{"StatusCode":0,"StatusMessage":"success"}', "yes"),
        ("feishu", 200, '{"code":0,"msg":"success","data":{}}', "yes"),
        ("feishu", 200, '{"code":19024,"msg":"Key Words Not Found"}', "stopped"),
        ("feishu", 200, '{"code":11232,"msg":"frequency limited"}', "slowed"),
        ("tgram", 200, '{"ok":true,"result":{"message_id":7}}', "yes"),
        (
            "tgram",
            403,
            '{"ok":false,"description":"Forbidden: bot was blocked by the user"}',
            "dead",
        ),
        ("tgram", 429, '{"ok":false,"error_code":429}', "slowed"),
        ("vonage", 200, '{"messages":[{"status":"0"}]}', "yes"),
        (
            "vonage",
            200,
            '{"messages":[{"status":"4","error-text":"Invalid credentials"}]}',
            "stopped",
        ),
        (
            "vonage",
            200,
            '{"messages":[{"status":"1","error-text":"Throughput Rate Exceeded"}]}',
            "slowed",
        ),
        (
            "clicksend",
            200,
            '{"response_code":"SUCCESS","data":{"messages":[{"status":"SUCCESS"}]}}',
            "yes",
        ),
        (
            "clicksend",
            200,
            '{"response_code":"SUCCESS","data":{"messages":[{"status":"INVALID_RECIPIENT"}]}}',
            "dead",
        ),
        ("twilio", 201, '{"sid":"SM1","status":"queued","error_code":null}', "yes"),
        ("workflows", 202, "", "yes"),
        ("slack", 200, "ok", "yes"),
        ("slack", 404, "no_service", "stopped"),
        ("gotify", 200, '{"id":25,"message":"x"}', "yes"),
        ("ntfy", 200, '{"id":"x","event":"message"}', "yes"),
    ],
)
def test_the_answer_of_a_service_by_its_documentation(kind, status, body, result):
    assert outcome(kind, status, body) == result


@pytest.mark.parametrize(
    ("yes", "body", "result"),
    [
        (["errcode:0"], '{"errcode":0}', "yes"),
        (["code:1|200"], '{"code":1}', "yes"),
        (["data.list.0.state:DELIVRD"], '{"data":{"list":[{"state":"DELIVRD"}]}}', "yes"),
        (["text:<returnstatus>Success"], "<r><returnstatus>Success</returnstatus></r>", "yes"),
        (["http:200"], "anything", "yes"),
        (["http:202"], "OK", "unclear"),
        (["code:1", "data.ok:true"], '{"code":1,"data":{"ok":true}}', "yes"),
        (["code:1", "data.ok:true"], '{"code":1,"data":{"ok":false}}', "dead"),
        (["code:1"], '{"code":200}', "dead"),
        (["code:1"], '{"success":true}', "unclear"),
        (["code:1"], "", "unclear"),
        (["text:Success"], '{"code":500}', "later"),
    ],
)
def test_a_yes_as_the_setting_says_it(yes, body, result):
    assert outcome("json", 200, body, yes=[condition(each) for each in yes]) == result


@pytest.mark.parametrize(
    ("kind", "status", "result"),
    [
        ("hook", 404, "dead"),
        ("hook", 401, "stopped"),
        ("wecombot", 404, "dead"),
        ("wecombot", 403, "dead"),
    ],
)
def test_an_address_of_ones_own_that_is_gone_is_about_the_recipient(kind, status, result):
    assert outcome(kind, status, "", by_address=True) == result


def test_a_robot_of_ones_own_with_a_key_no_longer_valid_is_about_the_recipient():
    body = '{"errcode":93000,"errmsg":"invalid webhook url"}'
    assert outcome("wecombot", 200, body, by_address=True) == "dead"


def test_a_reason_has_code_and_words_but_repeats_no_unknown_answer():
    with pytest.raises(RefusedError, match="json: HTTP 200 with error 40058: too long"):
        judge(Answer(200, '{"errcode":40058,"errmsg":"too long"}'), "json")
    with pytest.raises(ChannelStoppedError, match="JSON with id, token: neither") as caught:
        judge(Answer(200, '{"id":1,"token":"s3cret"}'), "json")
    assert "s3cret" not in caught.value.reason
    with pytest.raises(ChannelStoppedError, match=f"more than {LONGEST} bytes"):
        judge(Answer(200, None), "json")


def test_our_options_are_taken_out_of_the_address():
    assert options("gw", "jsons://h/a?x=1&yes=errcode:0&:k=v&keyword=%E7%9D%A3") == (
        "jsons://h/a?x=1&:k=v",
        (("errcode", ("0",)),),
        "督",
    )
    assert options("gw", "jsons://h/a?yes=errcode:0") == ("jsons://h/a", (("errcode", ("0",)),), "")
    assert options("gw", "jsons://h/a") == ("jsons://h/a", (), "")


@pytest.mark.parametrize("yes", ["", "errcode", ":0", "errcode:"])
def test_a_yes_that_is_none_is_refused(yes):
    with pytest.raises(InvalidError, match="yes=PATH:VALUE"):
        options("gw", f"jsons://h/a?yes={yes}")
