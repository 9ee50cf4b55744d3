-- 一次提交反复使用: materials that a department accepted, offered again to their holder. Written with the event that makes
-- them so and never changed. The holder is a keyed hash of the document's type and number: the table tells of nobody.
create table reusable_materials (
  id            text collate "C" primary key,
  holder        text not null,
  material      text not null,
  platform      text not null,
  division      text not null,
  submission_id text collate "C" not null,
  case_id       text collate "C" not null,
  matter        text not null,
  decided_at    timestamptz not null,
  expires_on    date not null,
  trust         text not null,
  data          json not null
);
create index reusable_materials_by_holder on reusable_materials (holder, platform, expires_on);
create index reusable_materials_ending on reusable_materials (expires_on);
