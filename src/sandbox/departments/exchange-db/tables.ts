// The department's own tables: the national exchange tables with the columns of the house preset, in a schema of its
// own. Made when they are missing, never emptied.

import type { Pool } from 'pg'

/** Name of the department's schema, from its id. */
export function exchangeSchema(id: string): string {
  if (!/^[a-z][a-z0-9-]{0,50}$/.test(id)) throw new Error(`'${id}' cannot name a schema`)
  return id.replaceAll('-', '_')
}

const exchange = `row_guid varchar(64) primary key, cd_operation char(1), cd_batch varchar(50), cd_time timestamp(3),
  data_source varchar(50), is_sync char(1) default '0'`
const marks = 'sync_time timestamp(3), sync_by varchar(64), sync_error varchar(500)'
const numbered = 'project_no varchar(50) not null'

const tables: Readonly<Record<string, string>> = {
  up_pro_accept: `${exchange}, ${numbered} unique, catalog_code varchar(12), task_code varchar(36),
  task_handle_item varchar(50), task_name varchar(300), task_version varchar(10), project_name varchar(500),
  project_type varchar(2), apply_type varchar(2), applyer_name varchar(200), applyer_type varchar(2),
  applyer_page_type varchar(10), applyer_page_code varchar(64), contact_name varchar(200), contact_type varchar(10),
  contact_code varchar(64), contact_mobile varchar(30), legal varchar(200), address varchar(500), zip_code varchar(10),
  org_code varchar(64), org_name varchar(200), apply_date timestamp(3), accept_date timestamp(3),
  promise_date timestamp(3), accept_doc_no varchar(100), handle_user_name varchar(100), submission_no varchar(64),
  area_code varchar(12), source_area varchar(12), form_data text`,
  up_pro_material: `${exchange}, ${numbered}, material_name varchar(300), get_type varchar(2), get_num integer,
  material_attach_name varchar(2000), material_code varchar(100), licence_no varchar(200), file_name varchar(500),
  file_url varchar(2000), file_sha256 char(64), file_size bigint, file_type varchar(100), round integer, note varchar(1000)`,
  up_pro_process: `${exchange}, ${marks}, ${numbered}, process_name varchar(100), event_name varchar(2),
  event_start_time timestamp(3), event_end_time timestamp(3), handle_user_name varchar(100), handle_explain varchar(2000),
  limit_days integer, correction_materials text`,
  up_pro_result: `${exchange}, ${marks}, ${numbered}, result_type varchar(2), result_date timestamp(3),
  result_explain varchar(2000), result_cetr_name varchar(300), result_cetr_no varchar(200), is_delivery_results varchar(2),
  satisfaction varchar(2)`,
  up_pro_special_procedure: `${exchange}, ${marks}, ${numbered}, special_type varchar(2), special_name varchar(200),
  special_reason varchar(2000), special_time timestamp(3), end_time timestamp(3), special_explain varchar(2000),
  result varchar(2000), limit_days integer`,
}

export async function makeTables(pool: Pool, schema: string): Promise<void> {
  const made = Object.entries(tables).map(
    ([name, columns]) => `create table if not exists ${schema}.${name} (${columns});
create index if not exists ${name}_sync on ${schema}.${name} (is_sync, cd_time);
create index if not exists ${name}_project on ${schema}.${name} (project_no);`,
  )
  await pool.query(`create schema if not exists ${schema};\n${made.join('\n')}`)
}
