"""What tests of an official account's tokens share. Tokens are told by their numbers; the double's first pair
is what the operator got.
"""

from bot.channels.zalo_oa.renewal import Account
from tests.doubles.zalo import ZaloOaDouble

APP = "4711"
KEY = "the key of the app"
SEED = f"refresh-1-of-{APP}"


def account(double: ZaloOaDouble, seed: str = SEED, **others: str) -> Account:
    return Account(**{"url": double.url, "app_id": APP, "secret_key": KEY, "seed": seed, **others})


def access(number: int) -> str:
    return f"access-{number}-of-{APP}"


def asked(double: ZaloOaDouble) -> list[int]:
    """The refresh tokens that came, in their order; 0 is none of the double's."""
    given = [call.params["refresh_token"].split("-") for call in double.called("access_token")]
    return [int(words[1]) if words[0] == "refresh" else 0 for words in given]


def new_seed(double: ZaloOaDouble) -> str:
    """The operator lets the app write for the account anew, and gets this."""
    return str(double.oauth.issue()["refresh_token"])
