"""The field catalogue of a fresh imitation account: the slugs of contracts/element451.md F18, and
custom ones such as schools make."""

from sandbox.element451 import choices
from sandbox.element451.fields import Field

ELEMENT_ID, SALESFORCE_ID, EMAIL = "user-elementid", "user-identities-salesforceid", "user-email-address"
USER_UPDATED = "user-updated-at"
CONVERSATION_ID, CONVERSATION_USER = "conversation-id", "conversation-user-elementid"
CONVERSATION_UPDATED, CONVERSATION_ANONYMOUS = "conversation-updated-at", "conversation-is-anonymous"

STANDARD = (
    Field(ELEMENT_ID, "Element ID", read_only=True, unique=True),
    Field(SALESFORCE_ID, "Salesforce ID", unique=True),
    Field("user-identities-schoolid", "School ID", unique=True),
    Field(EMAIL, "Email Address", unique=True),
    Field("user-first-name", "First Name"),
    Field("user-middle-name", "Middle Name"),
    Field("user-last-name", "Last Name"),
    Field("user-preferred-name", "Preferred Name"),
    Field("user-dob", "Date of Birth", "date"),
    Field("user-gender", "Gender", "dropdown", options=choices.GENDERS),
    Field("user-phone-cell-number", "Cell Phone"),
    Field("user-sms-updates", "SMS Opt-in", "boolean"),
    Field("user-addresses-home", "Home Address", "object"),
    Field("user-addresses-home-street1", "Home Street 1"),
    Field("user-addresses-home-street2", "Home Street 2"),
    Field("user-addresses-home-city", "Home City"),
    Field("user-addresses-home-state", "Home State"),
    Field("user-addresses-home-zip", "Home ZIP"),
    Field("user-addresses-home-country", "Home Country", "dropdown", options=choices.COUNTRIES),
    Field("user-education-prefered-major", "Preferred Major", "dropdown", options=choices.MAJORS),
    Field("user-education-term", "Entry Term", "dropdown", options=choices.TERMS),
    Field("user-education-degree", "Degree", "dropdown", options=choices.DEGREES),
    Field("user-education-student-type", "Student Type", "radio", options=choices.STUDENT_TYPES),
    Field("user-citizenship-country", "Country of Citizenship", "dropdown", options=choices.COUNTRIES),
    Field("user-race-categories", "Race", "checkbox", options=choices.RACES),
    Field("user-race-hispanic", "Hispanic or Latino", "boolean"),
    Field("user-territory", "Territory", "dropdown", options=choices.TERRITORIES),
    Field("user-sources-source-code", "Source Code"),
    Field("user-labels", "Labels", "array"),
    Field("user-applications-root", "Applications", "array"),
    Field("user-applications-status*", "Application Status"),
    Field("user-calculated-furthest_funnel_stage", "Furthest Funnel Stage", read_only=True),
    Field("user-calculated-engagement_score", "Engagement Score", "integer", read_only=True),
    Field(USER_UPDATED, "Updated At", "datetime", read_only=True),
)
CUSTOM = (
    Field("user-custom-high-school", "High School"),
    Field("user-custom-advisor-notes", "Advisor Notes", "textarea"),
    Field("user-custom-campus-visits", "Campus Visits", "integer"),
    Field("user-custom-gpa", "GPA", "float"),
    Field("user-custom-deposit-date", "Deposit Date", "date"),
    Field("user-custom-last-advised-at", "Last Advised At", "datetime"),
    Field("user-custom-first-generation", "First Generation", "boolean"),
    Field("user-custom-financial-aid", "Financial Aid Applicant", "boolean"),
    Field("user-custom-interests", "Interests", "checkbox", options=choices.INTERESTS),
    Field("user-custom-campus", "Campus", "radio", options=choices.CAMPUSES),
    Field("user-custom-photo", "Photo", "upload"),
    Field("user-custom-siblings*", "Siblings"),
)
CONVERSATIONS = (
    Field(CONVERSATION_ID, "Conversation ID", read_only=True, unique=True),
    Field(CONVERSATION_USER, "Contact", read_only=True),
    Field("conversation-channel", "Channel", "dropdown", options=choices.CHANNELS),
    Field("conversation-status", "Status", "dropdown", options=choices.STATUSES),
    Field("conversation-subject", "Subject"),
    Field("conversation-assigned-to", "Assigned To"),
    Field("conversation-tags", "Tags", "checkbox", options=choices.TAGS),
    Field("conversation-created-at", "Created At", "datetime", read_only=True),
    Field("conversation-last-activity-at", "Last Activity At", "datetime", read_only=True),
    Field(CONVERSATION_UPDATED, "Updated At", "datetime", read_only=True),
    Field(CONVERSATION_ANONYMOUS, "Anonymous", "boolean", read_only=True),
    Field("conversation-is-private", "Private", "boolean"),
    Field("conversation-message-count", "Messages", "integer", read_only=True),
    Field("conversation-transcript", "Transcript", "textarea"),
    Field("conversation-sentiment", "Sentiment", "dropdown", read_only=True, options=choices.SENTIMENTS),
)
FIELDS = STANDARD + CUSTOM + CONVERSATIONS
