"""Settings from the environment or `.env`, frozen; secrets are masked wherever they are shown."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict
from sqlalchemy.exc import ArgumentError

from handlers.kit.vietnamese import nfc
from storage.database import parse_url

Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
FormOfAddress = Literal["anh/chị", "đồng chí"]
PREFIX = "CAUNOI_"
# Two settings that don't fit each other; a single value that is wrong is named by its place.
WEBHOOK_WITHOUT_ADDRESS = "webhook_without_address"
ACCOUNT_NOT_WHOLE = "account_not_whole"


class Settings(BaseSettings):
    """Every setting; `CAUNOI_` and the field's name in capitals is the variable. An empty one isn't set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    database_url: SecretStr = SecretStr("")
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    zalo_bot_token: SecretStr = SecretStr("")
    zalo_bot_api_url: str = "https://bot-api.zaloplatforms.com"
    zalo_bot_mode: Literal["polling", "webhook"] = "polling"
    # Messages a month that the account's plan pays for; 0: as many as there are.
    zalo_bot_monthly: Annotated[int, Field(ge=0)] = 3_000
    # An official account: the app that writes for it, and the keys of both. The refresh token is the first
    # one, as the operator got it; later ones are kept in the data directory.
    zalo_oa_app_id: str = ""
    zalo_oa_secret_key: SecretStr = SecretStr("")
    zalo_oa_webhook_key: SecretStr = SecretStr("")
    zalo_oa_refresh_token: SecretStr = SecretStr("")
    zalo_oa_api_url: str = "https://openapi.zalo.me"
    zalo_oa_oauth_url: str = "https://oauth.zaloapp.com"
    zalo_oa_monthly: Annotated[int, Field(ge=0)] = 0
    web_host: str = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str = ""
    data_dir: Path = Path("data")
    timezone: str = "Asia/Ho_Chi_Minh"
    # Working days for a first answer to a concern, weeks without a word after which an answered one closes,
    # and months that it is kept after its end.
    concern_answer_days: Annotated[int, Field(ge=1, le=30)] = 5
    concern_close_weeks: Annotated[int, Field(ge=1, le=52)] = 6
    concern_months: Annotated[int, Field(ge=1, le=60)] = 12
    # A service that time-stamps the evidence's heads; empty: none is asked.
    timestamp_url: str = ""
    # How people are spoken to.
    address_as: FormOfAddress = "anh/chị"
    # Messages a second over all; None: what suits the channel; 0: no pacing.
    send_rate: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    log_level: Level = "INFO"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            try:
                parse_url(value.get_secret_value())
            except (ValueError, ArgumentError) as error:
                # Without the URL itself: it holds the password.
                raise PydanticCustomError("database", "no such kind of database") from error
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise PydanticCustomError("time_zone", "no such time zone") from error
        return value

    @field_validator("address_as", mode="before")
    @classmethod
    def _as_it_is_written(cls, value: object) -> object:
        return nfc(value).strip().lower() if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator(
        "public_url",
        "telegram_api_url",
        "zalo_bot_api_url",
        "zalo_oa_api_url",
        "zalo_oa_oauth_url",
        "timestamp_url",
    )
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not _is_address(value):
            raise PydanticCustomError("address", "no address of http:// or https://")
        return value

    @field_validator(
        "public_url", "telegram_api_url", "zalo_bot_api_url", "zalo_oa_api_url", "zalo_oa_oauth_url"
    )
    @classmethod
    def _without_an_end(cls, value: str) -> str:
        """Paths are put behind these."""
        return value.rstrip("/")

    @model_validator(mode="after")
    def _webhook_has_an_address(self) -> "Settings":
        if "webhook" in {self.telegram_mode, self.zalo_bot_mode} and not self.public_url:
            raise PydanticCustomError(WEBHOOK_WITHOUT_ADDRESS, "a webhook needs a public address")
        return self

    @model_validator(mode="after")
    def _official_account_is_whole(self) -> "Settings":
        """It is spoken to by webhook alone, so that it needs an address too."""
        keys = (self.zalo_oa_secret_key, self.zalo_oa_webhook_key)
        is_whole = self.public_url and all(each.get_secret_value() for each in keys)
        if self.zalo_oa_app_id and not is_whole:
            raise PydanticCustomError(ACCOUNT_NOT_WHOLE, "an official account needs its keys and an address")
        return self

    @property
    def database(self) -> str:
        """The database's URL; by default a file in the data directory."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'caunoi.db'}"

    @property
    def monthly(self) -> dict[str, int]:
        """The channels that are on and whose plans count messages, with how many they allow a month; 0: as
        many as there are.
        """
        counted = {}
        if self.zalo_bot_token.get_secret_value():
            counted["zalo_bot"] = self.zalo_bot_monthly
        if self.zalo_oa_app_id:
            counted["zalo_oa"] = self.zalo_oa_monthly
        return counted

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def _is_address(text: str) -> bool:
    try:
        return text.startswith(("http://", "https://")) and bool(urlsplit(text).hostname)
    except ValueError:
        return False


def variable(field: str) -> str:
    """What the setting is called in the environment."""
    return f"{PREFIX}{field}".upper()


def unknown_variables() -> list[str]:
    """The names in the environment and in `.env` that look like settings and are none."""
    given = {*EnvSettingsSource(Settings).env_vars, *DotEnvSettingsSource(Settings).env_vars}
    ours = {name.upper() for name in given if name.upper().startswith(PREFIX)}
    return sorted(ours - {variable(field) for field in Settings.model_fields})
