"""The good half of a reply to a command, in the numbers of the side that asked. Pure."""

from chatserver.conversation.outcome import Outcome
from chatserver.conversation.projection import stamp
from chatserver.protocol.shared import Ok


def ok_for_visitor(outcome: Outcome) -> Ok:
    fact = outcome.fact
    seq = fact.visitor_seq if fact and fact.client_id else outcome.state.visitor_seq
    return _ok(outcome, seq)


def ok_for_agent(outcome: Outcome) -> Ok:
    fact = outcome.fact
    return _ok(outcome, fact.seq if fact and fact.client_id else outcome.state.seq)


def _ok(outcome: Outcome, seq: int | None) -> Ok:
    fact = outcome.fact
    if fact is None or fact.client_id is None:
        return Ok(conversation=outcome.state.id, seq=seq)
    return Ok(
        conversation=fact.conversation_id,  # of a repeat perhaps an earlier one
        seq=seq,
        client_id=fact.client_id,
        at=stamp(fact.at),
        duplicate=outcome.duplicate,
    )
