"""The authorize page that a person sees: who asks for what, Allow and Deny."""

from collections.abc import Mapping
from html import escape

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;background:#f3f5f8;color:#16325c;margin:0;display:grid;place-items:center;min-height:100vh}
main{background:#fff;border:1px solid #d8dde6;border-radius:8px;padding:32px 40px;max-width:420px}
h1{font-size:20px;margin:0 0 12px}p{margin:0 0 12px}ul{margin:0 0 20px;padding-left:20px}
.bar{display:flex;gap:12px;justify-content:flex-end}button{font:inherit;border-radius:4px;padding:8px 24px;cursor:pointer;border:1px solid #0070d2}
.allow{background:#0070d2;color:#fff}.deny{background:#fff;color:#0070d2}small{color:#54698d}
"""
SCOPES = {
    "api": "Manage user data via APIs",
    "refresh_token": "Perform requests at any time",
    "openid": "Know who you are",
}


def _page(title: str, body: str) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon"'
        ' href="data:,">'
    )
    head += f"<title>{title}</title><style>{STYLE}</style>"
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><main>{body}</main></body></html>'


def consent_page(app: str, username: str, scope: str, parameters: Mapping[str, str]) -> str:
    """The page with Allow and Deny; ``parameters`` are those of the authorize call, sent along with the
    answer."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in parameters.items()
    )
    wishes = "".join(f"<li>{escape(SCOPES.get(name, name))}</li>" for name in scope.split())
    buttons = (
        '<button class="deny" name="approve" value="0">Deny</button><button class="allow" name="approve"'
        ' value="1">Allow</button>'
    )
    return _page(
        "Allow Access?",
        f"<h1>Allow access?</h1><p><b>{escape(app)}</b> is asking to:</p><ul>{wishes}</ul><p>Do you want to"
        f" allow access for {escape(username)}?</p>"
        f'<form method="post">{hidden}<div class="bar">{buttons}</div></form><p><small>Sandbox: an imitation'
        " Salesforce org.</small></p>",
    )


def error_page(error: str, description: str) -> str:
    """The org's own error page; such errors never reach the callback."""
    return _page(
        "OAuth Error",
        f"<h1>OAuth Error</h1><p>We can't authorize you.</p><p>{escape(error)} : {escape(description)}</p>",
    )
