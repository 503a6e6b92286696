"""Serves the page: `python app.py`."""

from bot.cli import main

if __name__ == "__main__":
    main(["serve"])
