// What Streamlit draws so that some people cannot read it, amended.
(function () {
  "use strict";
  // The links to the pages are in a list with boxes between the list and its items, which no screen reader can make
  // sense of: list and items are taken out of what is read out, the links stay.
  const LIST = '[data-testid="stSidebarNavItems"]';
  const parts = `${LIST}:not([role]), ${LIST} li:not([role])`;
  // The button that is chosen of several has its text in the colour that others have as their ground: where that is dark
  // enough to be written on, it is too dark to write with. Its ground and border tell that it is chosen.
  // What has the focus by keyboard is seen by a line around it; boxes to write in have one of Streamlit's own.
  // Nothing stands above a page but, where it is narrow, the button that opens the list of pages.
  const STYLE =
    '[data-testid="stMainBlockContainer"] { padding-top: 3.5rem !important; }' +
    '@media (max-width: 768px) { [data-testid="stMainBlockContainer"] { padding-top: 4.5rem !important; } }' +
    // A row that is a button begins at the left in its second line too.
    'button[data-testid="stBaseButton-tertiary"] p { text-align: left !important; }' +
    'button[data-selected="true"] { color: inherit !important; }' +
    ":focus-visible:not(input, textarea) { outline: 2px solid currentColor !important; outline-offset: 1px; }";

  function amend() {
    for (const part of document.querySelectorAll(parts)) part.setAttribute("role", "none");
  }

  new MutationObserver(amend).observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", function () {
    const style = document.createElement("style");
    style.textContent = STYLE;
    document.head.append(style);
  });
})();
