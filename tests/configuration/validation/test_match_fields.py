"""The fields that records are matched on."""

from tests.support.checked_configuration import one_error, warnings
from tests.support.documents import NAMES, document, row


def test_match_fields_must_be_mapped() -> None:
    assert one_error(document(match_on=["user-email-address"]))[0] == "preferences.match_on[0]"
    assert one_error(document(match_on=["user-first-name", "user-elementid"]))[0] == "preferences.match_on[1]"
    ((where, message),) = warnings(
        document([*NAMES, row("user-sms-updates", "HasOptedOutOfEmail")], match_on=["user-sms-updates"])
    )
    assert (where, "hardly tells them apart" in message) == ("preferences.match_on[0]", True)
