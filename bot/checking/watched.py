"""A language model under observation."""

from collections.abc import Sequence

from pydantic import BaseModel

from bot.prompts.replies import fits
from bot.seams import LanguageModel, Message, PassingModel, Reply


class WatchedModel(PassingModel):
    """Counts replies, and those that keep to the form asked for.

    Args:
        model: What replies.
    """

    def __init__(self, model: LanguageModel) -> None:
        super().__init__(model)
        self.replies = 0
        self.valid = 0

    def reply(
        self, messages: Sequence[Message], *, max_tokens: int, schema: type[BaseModel] | None = None
    ) -> Reply:
        """As the model replies.

        Raises:
            ModelUnavailable: As there.
        """
        reply = self._model.reply(messages, max_tokens=max_tokens, schema=schema)
        self.replies += 1
        self.valid += reply.finished and fits(schema, reply.text)
        return reply
