// The tables of the national exchange and their columns, by the names the specification gives them ("cetr" is its
// spelling), and a few more that many departments add. What a department calls them is said by its settings.

export const tableKeys = ['accept', 'material', 'process', 'special', 'result'] as const
export type TableKey = (typeof tableKeys)[number]

/**
 * Written by the department and read by us, in the order in which rows of one moment are read (but see
 * candidates.ts).
 */
export const polledKeys = ['process', 'special', 'result'] as const
export type PolledKey = (typeof polledKeys)[number]

export const nationalNames: Readonly<Record<TableKey, string>> = {
  accept: 'up_pro_accept',
  material: 'up_pro_material',
  process: 'up_pro_process',
  special: 'up_pro_special_procedure',
  result: 'up_pro_result',
}

const exchange = ['row_guid', 'cd_operation', 'cd_batch', 'cd_time', 'data_source', 'is_sync', 'project_no']

/** Mapped to themselves unless the settings say otherwise. */
export const nationalColumns: Readonly<Record<TableKey, readonly string[]>> = {
  accept: [
    ...exchange,
    'task_code',
    'task_handle_item',
    'task_name',
    'project_name',
    'apply_type',
    'applyer_name',
    'applyer_type',
    'applyer_page_type',
    'applyer_page_code',
    'contact_name',
    'contact_type',
    'contact_code',
    'contact_mobile',
    'apply_date',
    'handle_user_name',
  ],
  material: [...exchange, 'material_name', 'get_type', 'get_num', 'material_attach_name'],
  process: [
    ...exchange,
    'process_name',
    'event_name',
    'event_start_time',
    'event_end_time',
    'handle_user_name',
    'handle_explain',
  ],
  special: [
    ...exchange,
    'special_type',
    'special_name',
    'special_reason',
    'special_time',
    'end_time',
    'special_explain',
    'result',
  ],
  result: [
    ...exchange,
    'result_type',
    'result_date',
    'result_explain',
    'result_cetr_name',
    'result_cetr_no',
    'is_delivery_results',
  ],
}

const marks = ['sync_time', 'sync_by', 'sync_error', 'department_no']

/** Not of the national tables: absent unless the settings name them, or the house preset is chosen. */
export const addedColumns: Readonly<Record<TableKey, readonly string[]>> = {
  accept: [
    'promise_date',
    'org_code',
    'org_name',
    'department_no',
    'submission_no',
    'area_code',
    'source_area',
    'form_data',
  ],
  material: [
    'material_code',
    'licence_no',
    'file_name',
    'file_url',
    'file_sha256',
    'file_size',
    'file_type',
    'file_content',
    'round',
    'note',
  ],
  process: [...marks, 'limit_days', 'correction_materials'],
  special: [...marks, 'limit_days'],
  result: marks,
}

/** Of the added ones, those the house tables lack. */
export const houseLacks: ReadonlySet<string> = new Set(['department_no', 'file_content'])

/** Which column of a polled table says what happened. */
export const codeColumns: Readonly<Record<PolledKey, string>> = {
  process: 'event_name',
  special: 'special_type',
  result: 'result_type',
}
