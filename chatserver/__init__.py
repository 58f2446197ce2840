"""An embeddable live-chat service: visitors chat on a website, agents answer in a console."""

__version__ = "0.1.0"
