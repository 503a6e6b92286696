"""Checks what a model is worth as a judge, before it is believed: about 60 calls, and a card that follows.

probes    what it is asked; written for this, and of other topics than any eval set
checking  asks, and keeps each outcome at once, so that a check can be stopped and taken up
figures   what the outcomes say
deciding  which path and how much trust follow from the figures
shelf     where cards are kept
"""

from bot.checking.checking import ModelCheck, Subject
from bot.checking.shelf import CardShelf
from bot.checking.watched import WatchedModel

__all__ = ["CardShelf", "ModelCheck", "Subject", "WatchedModel"]
