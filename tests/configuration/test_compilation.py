"""From a document to the preferences and the mappings that the planner needs."""

from syncer.configuration import config_file
from syncer.configuration.compilation import to_mapping, to_preferences
from syncer.core.preferences import ExportMode, GuardLimits, Preferences, Scope
from syncer.core.records import Kind
from tests.support.documents import EXAMPLE, document, row
from tests.support.memory_catalogue import contact_entity, conversation_entity, element451_catalogue


def test_what_is_omitted_has_its_default() -> None:
    assert to_preferences(config_file.parse("version: 1")) == Preferences()
    assert to_preferences(config_file.parse(EXAMPLE)) == Preferences()
    assert to_preferences(config_file.parse("preferences:\n  guard:\n  match_on:\n")) == Preferences()


def test_every_preference_is_taken() -> None:
    preferences = to_preferences(
        config_file.parse("""
            preferences:
              contact_entity: Lead
              import: {update_existing: no, create_new: true}
              export: {mode: update_existing_and_import_new, scope: all}
              sync_conversations: false
              conversation_entity: Talk__c
              match_on: [user-email-address]
              interval_minutes: 60
              guard: {records: 10, percent: 5, at_least: 1}
              batch_size: 50
              salesforce_threads: 2
              element451_threads: 3
              api_share_percent: 80
            """)
    )
    assert preferences == Preferences(
        contact_entity="Lead",
        conversation_entity="Talk__c",
        update_existing=False,
        create_new=True,
        export_mode=ExportMode.UPDATE_EXISTING,
        scope=Scope.ALL,
        sync_conversations=False,
        match_on=("user-email-address",),
        interval_minutes=60,
        guard=GuardLimits(10, 5, 1),
        batch_size=50,
        salesforce_threads=2,
        element451_threads=3,
        api_share_percent=80,
    )


def test_a_checked_document_becomes_the_mapping_of_each_kind() -> None:
    made = document(
        [
            row("user-first-name", "FirstName"),
            row("user-email-address", "Email", "salesforce", values={"a": "b"}),
        ],
        match_on=["user-email-address"],
    )
    contact = to_mapping(made, Kind.CONTACT, element451_catalogue(), contact_entity())
    assert contact.element_id.salesforce.key == "Element451_ID__c"
    assert contact.salesforce_id
    assert contact.salesforce_id.element451.key == "user-identities-salesforceid"
    assert contact.contact is None
    assert [mapped.element451.key for mapped in contact.fields] == ["user-first-name", "user-email-address"]
    assert contact.fields[1].values == (("a", "b"),)
    assert contact.match_on == (contact.fields[1],)
    conversation = to_mapping(made, Kind.CONVERSATION, element451_catalogue(), conversation_entity())
    assert conversation.element_id.salesforce.key == "Conversation_ID__c"
    assert conversation.contact
    assert conversation.contact.salesforce.key == "Contact__c"
    assert conversation.fields == ()
