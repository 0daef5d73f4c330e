"""Sending the browser to another site in the same tab: links and buttons of Streamlit would open a second one, which nobody closes again."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx


def leave_for(address: str) -> None:
    """Go there, by the message with which ``st.login`` sends people to their issuer. For a callback; ``address`` must be one of our making."""
    context = get_script_run_ctx()
    if context:
        message = ForwardMsg()
        message.auth_redirect.url = address
        context.enqueue(message)
