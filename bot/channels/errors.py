"""What stops a channel for good."""


class ChannelError(Exception):
    """The platform refuses us, and trying again would not help; `key` names the sentence that says so."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
