"""What is tried of Element451, in the order in which it is shown."""

from syncer.core.trust.verdict import Check

FIELD_LIST = Check(
    "field list",
    "The list of fields gives each field's slug, name, type and kind of record, and says how many there are.",
    "A1",
)
CHANGED_SINCE = Check(
    "changed since",
    "A segment with $gte on the stamp of the last change finds what changed at that second or later, and"
    " nothing else.",
    "A2",
)
ORDER = Check("order", "A segment comes in the order of ids, and last_id goes on behind that id.", "A3")
LAST_PAGE = Check("last page", "Behind the last record comes a page without rows.", "A3, F10")
EMPTY_VALUES = Check(
    "empty values",
    "An empty field comes as null, as empty text or without its key, and in no other way.",
    "A4",
)
SALESFORCE_ID = Check(
    "Salesforce ID", "A text field that can be written holds each contact's Salesforce ID.", "A5"
)
CONVERSATIONS = Check(
    "conversations", "Conversations can be exported as contacts are, with their contact and stamp.", "A9"
)
WRONG_TOKEN = Check("wrong token", "A wrong token is answered by 401 and nothing else.", "A10")
UNKNOWN_FIELDS = Check("unknown fields", "A refusal of a field that does not exist names its slug.", "A11")
UNKNOWN_IDS = Check(
    "unknown ids", "Ids that do not exist are missing from the answer, and spoil nothing.", "F10"
)
NAMES = Check(
    "names in searches", "A search gives first name, last name and e-mail along with the id.", "F11"
)
SEARCH = Check("search by value", "$in and $match find a contact by the text in a field.", "F12")
CLOCK = Check("clock", "The server's clock and the stamps agree with this machine's clock.", "rule 23")
UPDATES = Check(
    "updates", "An import that matches on the Element ID updates that contact and says so.", "A6, F14", True
)
CREATIONS = Check(
    "creations",
    "An import that matches on the Salesforce ID finds the contact that holds it, and creates none.",
    "A6",
    True,
)
EMPTY_CELLS = Check(
    "empty cells", "An empty cell does nothing in a column with skip, and empties one with null.", "A7", True
)
REFUSED_ROWS = Check(
    "refused rows", "A row that cannot be stored is named in the warnings, with its field.", "A8", True
)

READING = (
    FIELD_LIST,
    CHANGED_SINCE,
    ORDER,
    LAST_PAGE,
    EMPTY_VALUES,
    SALESFORCE_ID,
    CONVERSATIONS,
    WRONG_TOKEN,
    UNKNOWN_FIELDS,
    UNKNOWN_IDS,
    NAMES,
    SEARCH,
    CLOCK,
)
IMPORTING = (UPDATES, CREATIONS, EMPTY_CELLS, REFUSED_ROWS)
CHECKS = READING + IMPORTING
