"""A tab of vera, who has been chatting for a while."""

from chatserver.realtime.news import Delivery
from tests.support.play import VisitorPlay, chat, said

SEND = {"t": "send", "id": 7, "conversation": "c", "client_id": "m-1", "text": "Hi"}


def in_the_middle():
    """vera, in the middle of her conversation: five facts, all of them sent."""
    play = VisitorPlay()
    play.arrives(chat(5))
    play.catches_up([said(seq) for seq in range(1, 6)])
    play.frames.clear()
    return play


def tell(play, fact):
    return play.sees(play.session.told(Delivery(fact)))
