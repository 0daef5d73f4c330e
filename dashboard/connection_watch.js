// Says what Streamlit's page keeps to itself: that it has no connection to its server, and that a dialog lost its
// own. It runs before the page's own scripts (see page_script.py), and knows nothing but what its sockets do
// and whether something is not saved.
(function () {
  "use strict";
  const PATIENCE = 10000; // milliseconds until a page that never got a connection says so
  const REFUSED =
    "This page has no connection to its server. A network or a proxy between refuses WebSockets: ask your IT to" +
    " let them through to this address.";
  const LOST = "The connection to the server is lost. It is tried again…";
  const DEAD =
    "The connection to the server was lost while this was open. If nothing happens at a click, reload the page and" +
    " enter it again: nothing of it was saved.";
  const Socket = window.WebSocket;
  let everOpen = false;
  let dialogWasOpen = false;
  let notice = null;

  function dialogIsOpen() {
    return document.querySelector('[role="dialog"]') !== null;
  }

  function hide() {
    if (notice) notice.remove();
    notice = null;
  }

  function say(text) {
    hide();
    notice = document.createElement("div");
    notice.setAttribute("role", "alert");
    notice.style.cssText =
      "position:fixed;inset:0 0 auto 0;z-index:2147483647;padding:0.75rem 1rem;text-align:center;" +
      "font-family:sans-serif;background:#fff3cd;color:#4d3c00;border-bottom:1px solid #c9a400";
    const button = document.createElement("button");
    button.textContent = "Reload";
    button.style.cssText = "margin-left:1rem;padding:0.25rem 0.75rem;font:inherit";
    button.addEventListener("click", () => window.location.reload());
    notice.append(text, button);
    // An open dialog makes inert whatever is beside it, but for what says that it belongs on top.
    notice.setAttribute("data-react-aria-top-layer", "true");
    (document.body || document.documentElement).append(notice);
  }

  function opened() {
    everOpen = true;
    if (dialogWasOpen && dialogIsOpen()) say(DEAD);
    else hide();
    dialogWasOpen = false;
  }

  function closed() {
    if (!everOpen) return;
    dialogWasOpen = dialogWasOpen || dialogIsOpen();
    if (dialogWasOpen) say(LOST);
  }

  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", opened);
      this.addEventListener("close", closed);
    }
  };
  // What was edited and not saved goes with the tab: the browser asks first (shared/unsaved.py draws the mark).
  window.addEventListener("beforeunload", (event) => {
    if (!document.querySelector(".st-key-unsaved-changes")) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.setTimeout(() => {
    if (!everOpen) say(REFUSED);
  }, PATIENCE);
})();
