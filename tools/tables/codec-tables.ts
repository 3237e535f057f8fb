/** Element types of a table in static memory. */
export type TableType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'f32' | 'f64';

export interface CodecTables {
  /** In ../shared/vectors/tables. */
  readonly file: string;
  /** Names in the file, by the type that holds their values. */
  readonly tables: Readonly<Partial<Record<TableType, readonly string[]>>>;
}

/** Folder under assembly/codecs → the tables that it needs. */
export const CODEC_TABLES: Readonly<Record<string, CodecTables>> = {
  amr: { file: 'amr-nb.json', tables: { i16: ['inv_sqrt_tbl', 'log2_tbl', 'pow2_tbl'] } },
  'amr-nb': {
    file: 'amr-nb.json',
    tables: {
      u8: [
        'prmno', 'bitno_MR475', 'bitno_MR515', 'bitno_MR59', 'bitno_MR67', 'bitno_MR74', 'bitno_MR795', 'bitno_MR102', 'bitno_MR122', 'bitno_MRDTX',
        'reorderBits_MR475', 'reorderBits_MR515', 'reorderBits_MR59', 'reorderBits_MR67', 'reorderBits_MR74', 'reorderBits_MR795', 'reorderBits_MR102', 'reorderBits_MR122',
      ],
      i16: [
        'startPos', 'qua_gain_pitch', 'qua_gain_code', 'gray', 'dgray', 'grid', 'table', 'slope', 'lsp_init_data',
        'ph_imp_low_MR795', 'ph_imp_mid_MR795', 'ph_imp_low', 'ph_imp_mid', 'inter_6_pred_lt', 'past_rq_init',
        'mean_lsf_3', 'pred_fac_3', 'dico1_lsf_3', 'dico2_lsf_3', 'dico3_lsf_3', 'mr515_3_lsf', 'mr795_1_lsf',
        'mean_lsf_5', 'dico1_lsf_5', 'dico2_lsf_5', 'dico3_lsf_5', 'dico4_lsf_5', 'dico5_lsf_5',
        'table_gain_highrates', 'table_gain_lowrates', 'table_gain_MR475', 'sqrt_l_tbl', 'window_200_40', 'window_160_80', 'window_232_8',
        'lsf_hist_mean_scale', 'dtx_log_en_adjust', 'cdown', 'pdown', 'gamma3_MR122', 'gamma3', 'gamma4_MR122', 'gamma4',
        'startPos1', 'startPos2', 'trackTable', 'gamma1', 'gamma1_12k2', 'gamma2', 'corrweight', 'inter_6', 'lag_h', 'lag_l',
      ],
    },
  },
};
