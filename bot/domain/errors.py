"""Errors that a user may see.

KaodianError
├── BadInput          what the user gave cannot be used
│   ├── UnreadableFile
│   └── AnswerTooLong
├── NotFound          an id that is not (or no longer) there
├── Busy              another process is writing
├── StorageFull       the disk took no more
├── StorageBroken     the database or the index cannot be read
│   └── ServerSilent  the server that keeps the vectors does not answer
├── ModelUnavailable  a model is not there, cannot be fetched or does not answer
├── ReplyUnusable     a language model answered, but not usably
├── Refused           a setting or a set differs from a stored run's
└── SettingWrong      a setting cannot be used

`str(error)` is fit for the user, in the user's language, and says what to do next.
"""

from bot.texts import render


class KaodianError(Exception):
    """An error with a message from the catalogue.

    Args:
        key: Catalogue key of the message.
        params: What the message's placeholders are filled with.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        return render(self.key, self.params)


class BadInput(KaodianError):
    """What the user gave cannot be used."""


class UnreadableFile(BadInput):
    """A file is not text, is empty, or is of a kind that is not read."""


class AnswerTooLong(BadInput):
    """An answer above the length cap."""


class NotFound(KaodianError):
    """An id that is not, or no longer, there."""


class Busy(KaodianError):
    """Another process holds the writer's lock."""


class StorageFull(KaodianError):
    """The disk took no more; nothing was half written."""


class StorageBroken(KaodianError):
    """The database or the index cannot be read."""


class ServerSilent(StorageBroken):
    """The server that keeps the vectors does not answer; what it keeps may be well."""


class ModelUnavailable(KaodianError):
    """A model is not there, cannot be fetched, or does not answer."""


class ReplyUnusable(KaodianError):
    """A language model answered, but not in a form that can be used."""


class Refused(KaodianError):
    """A setting or a set differs from the stored run's."""


class SettingWrong(KaodianError):
    """A setting cannot be used as it is."""
