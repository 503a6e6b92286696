"""The page: ask, quiz, notes and settings in a browser, in Chinese and in English."""

from bot.page.server import serve_page

__all__ = ["serve_page"]
