BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE alerts (
	name VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	since DATETIME NOT NULL, 
	sentence TEXT NOT NULL, 
	told_at DATETIME, 
	untold JSON NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	time DATETIME NOT NULL, 
	person VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	about TEXT NOT NULL, 
	detail JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "audit" VALUES(1,'2026-11-30 14:59:44.428502','command line','admin','change the settings','version 1','{}');
CREATE TABLE catalogues (
	name VARCHAR NOT NULL, 
	read_at DATETIME NOT NULL, 
	document JSON NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE connections (
	system VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	account JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	secrets BLOB NOT NULL, 
	grant BLOB, 
	connected_at DATETIME NOT NULL, 
	paused_until DATETIME, 
	PRIMARY KEY (system)
);
CREATE TABLE entries (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	time DATETIME NOT NULL, 
	version INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	direction VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	element_id VARCHAR, 
	salesforce_id VARCHAR, 
	reason TEXT NOT NULL, 
	code VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	changes JSON NOT NULL, 
	retry_of INTEGER, 
	PRIMARY KEY (id)
);
INSERT INTO "entries" VALUES(1,1,'2026-11-30 14:59:45.198490',1,'contact','Contact','import','updated','171560750000000000000005','003000000000005AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(2,1,'2026-11-30 14:59:45.198548',1,'contact','Contact','import','updated','3c6ef3620000000000000002','003000000000002AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(3,1,'2026-11-30 14:59:45.198565',1,'contact','Contact','import','updated','538453d70000000000000007','003000000000007AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(4,1,'2026-11-30 14:59:45.198577',1,'contact','Contact','import','updated','78dde6c40000000000000004','003000000000004AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(5,1,'2026-11-30 14:59:45.198589',1,'contact','Contact','import','updated','9e3779b10000000000000001','003000000000001AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(6,1,'2026-11-30 14:59:45.198601',1,'contact','Contact','import','updated','b54cda260000000000000006','003000000000006AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(7,1,'2026-11-30 14:59:45.198646',1,'contact','Contact','import','updated','daa66d130000000000000003','003000000000003AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(8,1,'2026-11-30 14:59:45.198659',1,'contact','Contact','import','updated','f1bbcd880000000000000008','003000000000008AAA','Values differ from their owner''s.','','','[{"element451":"user-sms-updates","salesforce":"HasOptedOutOfEmail","owner":"salesforce","before":null,"after":false}]',NULL);
INSERT INTO "entries" VALUES(9,2,'2026-11-30 14:59:45.404145',1,'contact','Contact','export','failed','3c6ef3620000000000000002','003000000000002AAA','Salesforce refused this record: Required fields are missing: [LastName]','REQUIRED_FIELD_MISSING','Required fields are missing: [LastName]','[{"element451":"user-last-name","salesforce":"LastName","owner":"element451","before":"Ray 1","after":null}]',NULL);
INSERT INTO "entries" VALUES(10,2,'2026-11-30 14:59:45.404182',1,'contact','Contact','export','updated','9e3779b10000000000000001','003000000000001AAA','Values differ from their owner''s.','','','[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"Zoe"}]',NULL);
CREATE TABLE facts (
	name VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('being set up','{}');
INSERT INTO "facts" VALUES('applied','{"contact":{"entity":"Contact","match_on":[],"modes":[true,false,"update_existing_and_import_new","all",true],"fields":[["user-elementid","Element451_ID__c","element451",[]],["user-identities-salesforceid","Id","salesforce",[]],["user-first-name","FirstName","element451",[]],["user-last-name","LastName","element451",[]],["user-email-address","Email","element451",[]],["user-phone-cell-number","Phone","salesforce",[]],["user-dob","Birthdate","salesforce",[]],["user-custom-applied","Applied__c","element451",[]],["user-sms-updates","HasOptedOutOfEmail","salesforce",[]],["user-custom-gpa","GPA__c","salesforce",[]],["user-custom-visits","Visits__c","element451",[]],["user-education-student-type","Student_Type__c","salesforce",[]],["user-race-categories","Race__c","salesforce",[]],["user-custom-notes","Description","element451",[]]]},"conversation":{"entity":"E451_Conversation__c","match_on":[],"modes":[true,false,"update_existing_and_import_new","all",true],"fields":[["conversation-id","Conversation_ID__c","element451",[]],["conversation-user-elementid","Contact__c","element451",[]],["conversation-channel","Channel__c","element451",[]],["conversation-status","Status__c","element451",[]],["conversation-subject","Subject__c","element451",[]],["conversation-tags","Tags__c","element451",[]],["conversation-is-private","Private__c","element451",[]],["conversation-message-count","Messages__c","element451",[]],["conversation-last-activity-at","Last_Activity__c","element451",[]],["conversation-transcript","Transcript__c","element451",[]]]}}');
INSERT INTO "facts" VALUES('named','{"entity":"Contact","element451":["user-first-name","user-last-name","user-email-address"],"salesforce":["FirstName","LastName","Email","HasOptedOutOfEmail"]}');
INSERT INTO "facts" VALUES('approval','{}');
CREATE TABLE leases (
	name VARCHAR NOT NULL, 
	owner VARCHAR, 
	token INTEGER NOT NULL, 
	expires_at DATETIME, 
	PRIMARY KEY (name)
);
CREATE TABLE marks (
	kind VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	system VARCHAR NOT NULL, 
	since DATETIME, 
	cursor VARCHAR, 
	began_at DATETIME, 
	fields JSON NOT NULL, 
	reading_fields JSON NOT NULL, 
	generation INTEGER NOT NULL, 
	everything BOOLEAN NOT NULL, 
	PRIMARY KEY (kind, entity, system)
);
INSERT INTO "marks" VALUES('contact','Contact','salesforce','2026-03-02 09:35:00.000000',NULL,NULL,'["Applied__c","Birthdate","Description","Element451_ID__c","Email","FirstName","GPA__c","HasOptedOutOfEmail","LastName","Phone","Race__c","Student_Type__c","Visits__c"]','["Applied__c","Birthdate","Description","Element451_ID__c","Email","FirstName","GPA__c","HasOptedOutOfEmail","LastName","Phone","Race__c","Student_Type__c","Visits__c"]',1,0);
INSERT INTO "marks" VALUES('contact','Contact','element451','2026-03-02 09:35:00.000000',NULL,NULL,'["user-custom-applied","user-custom-gpa","user-custom-notes","user-custom-visits","user-dob","user-education-student-type","user-email-address","user-first-name","user-identities-salesforceid","user-last-name","user-phone-cell-number","user-race-categories","user-sms-updates"]','["user-custom-applied","user-custom-gpa","user-custom-notes","user-custom-visits","user-dob","user-education-student-type","user-email-address","user-first-name","user-identities-salesforceid","user-last-name","user-phone-cell-number","user-race-categories","user-sms-updates"]',1,0);
INSERT INTO "marks" VALUES('conversation','E451_Conversation__c','salesforce','2026-03-02 09:35:00.000000',NULL,NULL,'["Channel__c","Contact__c","Conversation_ID__c","Last_Activity__c","Messages__c","Private__c","Status__c","Subject__c","Tags__c","Transcript__c"]','["Channel__c","Contact__c","Conversation_ID__c","Last_Activity__c","Messages__c","Private__c","Status__c","Subject__c","Tags__c","Transcript__c"]',1,0);
INSERT INTO "marks" VALUES('conversation','E451_Conversation__c','element451','2026-03-02 09:35:00.000000',NULL,NULL,'["conversation-channel","conversation-is-private","conversation-last-activity-at","conversation-message-count","conversation-status","conversation-subject","conversation-tags","conversation-transcript","conversation-user-elementid"]','["conversation-channel","conversation-is-private","conversation-last-activity-at","conversation-message-count","conversation-status","conversation-subject","conversation-tags","conversation-transcript","conversation-user-elementid"]',1,0);
CREATE TABLE pairs (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	entity VARCHAR NOT NULL, 
	element_id VARCHAR, 
	salesforce_id VARCHAR, 
	element451 JSON, 
	salesforce JSON, 
	element_state VARCHAR NOT NULL, 
	salesforce_state VARCHAR NOT NULL, 
	merged_into VARCHAR, 
	element_link VARCHAR, 
	salesforce_link VARCHAR, 
	element_match VARCHAR, 
	salesforce_match VARCHAR, 
	contact_id VARCHAR, 
	account VARCHAR, 
	in_scope BOOLEAN NOT NULL, 
	left_sync BOOLEAN NOT NULL, 
	by_values BOOLEAN NOT NULL, 
	problem TEXT, 
	former JSON, 
	rewrites JSON, 
	failures JSON, 
	failing BOOLEAN NOT NULL, 
	element_changed BOOLEAN NOT NULL, 
	salesforce_changed BOOLEAN NOT NULL, 
	due BOOLEAN NOT NULL, 
	revision INTEGER NOT NULL, 
	tried_in INTEGER NOT NULL, 
	element_generation INTEGER NOT NULL, 
	salesforce_generation INTEGER NOT NULL, try_after DATETIME, failing_since DATETIME, search VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "pairs" VALUES(9,'contact','Contact','171560750000000000000005','003000000000005AAA','{"user-identities-salesforceid":"003000000000005AAA","user-first-name":"New 4","user-last-name":"Ray 4","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"171560750000000000000005","FirstName":"Ann","LastName":"Ray 4","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000005AAA','171560750000000000000005',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,1,0,1,2,0,1,1,NULL,NULL,'new 4 ray 4');
INSERT INTO "pairs" VALUES(10,'contact','Contact','3c6ef3620000000000000002','003000000000002AAA','{"user-identities-salesforceid":"003000000000002AAA","user-first-name":"Ann","user-last-name":null,"user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"3c6ef3620000000000000002","FirstName":"Ann","LastName":"Ray 1","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000002AAA','3c6ef3620000000000000002',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','{"export":{"cause":"lasting","code":"REQUIRED_FIELD_MISSING","reason":"Salesforce refused this record: Required fields are missing: [LastName]","tries":1}}',1,0,0,1,2,2,1,1,'2026-03-03 09:30:00.000000','2026-03-02 09:30:00.000000','ann');
INSERT INTO "pairs" VALUES(11,'contact','Contact','538453d70000000000000007','003000000000007AAA','{"user-identities-salesforceid":"003000000000007AAA","user-first-name":"New 6","user-last-name":"Ray 6","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"538453d70000000000000007","FirstName":"Ann","LastName":"Ray 6","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000007AAA','538453d70000000000000007',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,1,0,1,2,0,1,1,NULL,NULL,'new 6 ray 6');
INSERT INTO "pairs" VALUES(12,'contact','Contact','78dde6c40000000000000004','003000000000004AAA','{"user-identities-salesforceid":"003000000000004AAA","user-first-name":"New 3","user-last-name":"Ray 3","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"78dde6c40000000000000004","FirstName":"Ann","LastName":"Ray 3","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000004AAA','78dde6c40000000000000004',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,1,0,1,2,0,1,1,NULL,NULL,'new 3 ray 3');
INSERT INTO "pairs" VALUES(13,'contact','Contact','9e3779b10000000000000001','003000000000001AAA','{"user-identities-salesforceid":"003000000000001AAA","user-first-name":"Zoe","user-last-name":"Ray 0","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"9e3779b10000000000000001","FirstName":"Zoe","LastName":"Ray 0","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000001AAA','9e3779b10000000000000001',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1],"FirstName":["Zoe",1,2]}','null',0,0,0,0,2,2,1,1,NULL,NULL,'zoe ray 0');
INSERT INTO "pairs" VALUES(14,'contact','Contact','b54cda260000000000000006','003000000000006AAA','{"user-identities-salesforceid":"003000000000006AAA","user-first-name":"New 5","user-last-name":"Ray 5","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"b54cda260000000000000006","FirstName":"Ann","LastName":"Ray 5","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000006AAA','b54cda260000000000000006',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,1,0,1,2,0,1,1,NULL,NULL,'new 5 ray 5');
INSERT INTO "pairs" VALUES(15,'contact','Contact','daa66d130000000000000003','003000000000003AAA','{"user-identities-salesforceid":"003000000000003AAA","user-first-name":"New 2","user-last-name":"Ray 2","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"daa66d130000000000000003","FirstName":"Ann","LastName":"Ray 2","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000003AAA','daa66d130000000000000003',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,1,0,1,2,0,1,1,NULL,NULL,'new 2 ray 2');
INSERT INTO "pairs" VALUES(16,'contact','Contact','f1bbcd880000000000000008','003000000000008AAA','{"user-identities-salesforceid":"003000000000008AAA","user-first-name":"Ann","user-last-name":"Ray 7","user-email-address":null,"user-phone-cell-number":null,"user-dob":null,"user-custom-applied":null,"user-sms-updates":false,"user-custom-gpa":null,"user-custom-visits":null,"user-education-student-type":null,"user-race-categories":null,"user-custom-notes":null}','{"Element451_ID__c":"f1bbcd880000000000000008","FirstName":"Ann","LastName":"Ray 7","Email":null,"Phone":null,"Birthdate":null,"Applied__c":null,"HasOptedOutOfEmail":false,"GPA__c":null,"Visits__c":null,"Student_Type__c":null,"Race__c":null,"Description":null}','live','live',NULL,'003000000000008AAA','f1bbcd880000000000000008',NULL,NULL,NULL,NULL,0,0,0,NULL,'[]','{"user-sms-updates":[false,1,1]}','null',0,0,0,0,1,1,1,1,NULL,NULL,'ann ray 7');
CREATE TABLE planned (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	direction VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	element_id VARCHAR, 
	salesforce_id VARCHAR, 
	"plan" JSON NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE requests (
	id INTEGER NOT NULL, 
	verb VARCHAR NOT NULL, 
	direction VARCHAR, 
	kind VARCHAR, 
	salesforce_id VARCHAR, 
	element_id VARCHAR, 
	entry INTEGER, 
	code VARCHAR, 
	asked_at DATETIME NOT NULL, 
	asked_by VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	run INTEGER, 
	answered_at DATETIME, 
	answer JSON, 
	sentence TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE "runs" (
	id INTEGER NOT NULL, 
	"trigger" VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	counts JSON NOT NULL, 
	calls JSON NOT NULL, 
	seconds FLOAT NOT NULL, 
	reason TEXT NOT NULL, 
	code VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	numbers JSON, 
	approved BOOLEAN, 
	progress JSON, 
	slot BIGINT, 
	cancelled_by VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'sync','done',1,'2026-11-30 14:59:44.491734','2026-11-30 14:59:45.222031','{"import_contact":{"inserted":0,"updated":8,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0},"export_contact":{"inserted":0,"updated":0,"unchanged":8,"ignored":0,"deactivated":0,"upserted":0,"failed":0},"export_conversation":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0}}','{"salesforce":4,"element451":4}',7.09519011999873328022e-01,'','','','{"kinds":{"change":8},"fields":{"change":{"user-sms-updates ← HasOptedOutOfEmail":8}},"touched":8,"known":8}',0,'null',NULL,'');
INSERT INTO "runs" VALUES(2,'sync','done',1,'2026-11-30 14:59:45.229558','2026-11-30 14:59:45.412828','{"import_contact":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0},"export_contact":{"inserted":0,"updated":1,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":1},"export_conversation":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0}}','{"salesforce":5,"element451":4}',1.80795184999624325428e-01,'','','','{"kinds":{"blank":1,"change":1},"fields":{"blank":{"user-last-name → LastName":1},"change":{"user-first-name → FirstName":1}},"touched":2,"known":8}',0,'null',NULL,'');
INSERT INTO "runs" VALUES(3,'sync','waiting',1,'2026-11-30 14:59:45.416023',NULL,'{"import_contact":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0},"export_contact":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0},"export_conversation":{"inserted":0,"updated":0,"unchanged":0,"ignored":0,"deactivated":0,"upserted":0,"failed":0}}','{"salesforce":4,"element451":3}',1.08449637000376242212e-01,'This run would do a lot at once: 5 records to change, 5 of 8 records to touch in all (limit 3). The limit per kind is 3.','GUARD','','{"kinds":{"change":5},"fields":{"change":{"user-first-name → FirstName":5}},"touched":5,"known":8,"examples":{"change":[{"name":"Ann Ray 4","direction":"export","kind":"contact","element_id":"171560750000000000000005","salesforce_id":"003000000000005AAA","reason":"Values differ from their owner''s.","changes":[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"New 4"}],"more":0},{"name":"Ann Ray 6","direction":"export","kind":"contact","element_id":"538453d70000000000000007","salesforce_id":"003000000000007AAA","reason":"Values differ from their owner''s.","changes":[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"New 6"}],"more":0},{"name":"Ann Ray 3","direction":"export","kind":"contact","element_id":"78dde6c40000000000000004","salesforce_id":"003000000000004AAA","reason":"Values differ from their owner''s.","changes":[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"New 3"}],"more":0},{"name":"Ann Ray 5","direction":"export","kind":"contact","element_id":"b54cda260000000000000006","salesforce_id":"003000000000006AAA","reason":"Values differ from their owner''s.","changes":[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"New 5"}],"more":0},{"name":"Ann Ray 2","direction":"export","kind":"contact","element_id":"daa66d130000000000000003","salesforce_id":"003000000000003AAA","reason":"Values differ from their owner''s.","changes":[{"element451":"user-first-name","salesforce":"FirstName","owner":"element451","before":"Ann","after":"New 2"}],"more":0}]},"counted_at":"2026-03-02T09:45:00+00:00"}',0,'null',NULL,'');
CREATE TABLE sending (
	id INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	entry JSON NOT NULL, 
	outgoing JSON NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE sign_ins (
	state VARCHAR NOT NULL, 
	secrets BLOB NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	outcome TEXT, 
	PRIMARY KEY (state)
);
CREATE TABLE versions (
	id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	author VARCHAR NOT NULL, 
	document JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "versions" VALUES(1,'2026-11-30 14:59:44.426800','command line','{"version":1,"preferences":{"contact_entity":"Contact","import":{"update_existing":true,"create_new":false},"export":{"mode":"match_existing_and_import_new","scope":"conversations"},"sync_conversations":true,"conversation_entity":"E451_Conversation__c","match_on":[],"interval_minutes":15,"guard":{"records":500,"percent":20,"at_least":25},"batch_size":200,"salesforce_threads":4,"element451_threads":8,"api_share_percent":50},"mappings":{"contact":[{"element451":"user-elementid","salesforce":"Element451_ID__c","owner":"element451"},{"element451":"user-identities-salesforceid","salesforce":"Id","owner":"salesforce"},{"element451":"user-first-name","salesforce":"FirstName","owner":"element451"},{"element451":"user-last-name","salesforce":"LastName","owner":"element451"}],"conversation":[{"element451":"conversation-id","salesforce":"Conversation_ID__c","owner":"element451"},{"element451":"conversation-user-elementid","salesforce":"Contact__c","owner":"element451"}]}}');
CREATE INDEX pairs_by_contact ON pairs (contact_id);
CREATE UNIQUE INDEX pairs_by_element_id ON pairs (kind, entity, element_id);
CREATE INDEX pairs_by_element_link ON pairs (kind, entity, element_link);
CREATE INDEX pairs_by_element_match ON pairs (kind, entity, element_match);
CREATE UNIQUE INDEX pairs_by_salesforce_id ON pairs (kind, entity, salesforce_id);
CREATE INDEX pairs_by_salesforce_link ON pairs (kind, entity, salesforce_link);
CREATE INDEX pairs_by_salesforce_match ON pairs (kind, entity, salesforce_match);
CREATE INDEX pairs_due ON pairs (kind, entity, due, id);
CREATE INDEX pairs_failing ON pairs (kind, entity, failing);
CREATE INDEX ix_sending_run ON sending (run);
CREATE INDEX ix_requests_state ON requests (state);
CREATE INDEX ix_runs_slot ON runs (slot);
CREATE INDEX entries_by_status ON entries (status, time, id);
CREATE INDEX entries_by_element_id ON entries (element_id, time, id);
CREATE INDEX entries_by_salesforce_id ON entries (salesforce_id, time, id);
CREATE INDEX entries_by_run ON entries (run, time, id);
CREATE INDEX entries_by_time ON entries (time, id);
CREATE INDEX entries_by_run_and_status ON entries (run, status, time, id);
CREATE INDEX entries_by_code ON entries (code, time, id) WHERE code <> '';
CREATE INDEX pairs_by_search ON pairs (kind, entity, search);
CREATE INDEX planned_by_status ON planned (run, status, id);
CREATE INDEX planned_by_run ON planned (run, id);
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX runs_by_trigger ON runs ("trigger", id);
CREATE INDEX runs_by_time ON runs (started_at);
CREATE INDEX entries_by_kind ON entries (kind, direction, time, id);
CREATE INDEX entries_by_kind_and_status ON entries (kind, direction, status, time, id);
COMMIT;
