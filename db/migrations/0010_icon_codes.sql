-- icon.g_ir and icon.g_call tell the kind of a call by the same codes. A view's column cannot change its type: made anew.
DROP VIEW icon.g_ir;
CREATE VIEW icon.g_ir AS
    SELECT i.seq AS id, i.id AS irid, i.parent_id AS parentirid,
           CASE i.call_type WHEN 'internal' THEN 1 WHEN 'inbound' THEN 2 WHEN 'outbound' THEN 3 WHEN 'consult' THEN 4 ELSE 0 END AS calltype,
           i.media AS mediatype, i.outcome AS finalstate, i.started_at AS created, i.ended_at AS terminated, i.seq AS gsys_seq,
           i.tenant, i.switch
    FROM reporting.interaction AS i;
COMMENT ON VIEW icon.g_ir IS 'G_IR of Interaction Concentrator: reporting.interaction';
COMMENT ON COLUMN icon.g_ir.id IS 'Identity of the row: its seq';
COMMENT ON COLUMN icon.g_ir.irid IS 'The interaction (interaction.id)';
COMMENT ON COLUMN icon.g_ir.parentirid IS 'The interaction that it came from';
COMMENT ON COLUMN icon.g_ir.calltype IS '1 internal, 2 inbound, 3 outbound, 4 consult, 0 none of them';
COMMENT ON COLUMN icon.g_ir.mediatype IS 'chat or voice';
COMMENT ON COLUMN icon.g_ir.finalstate IS 'interaction.outcome';
COMMENT ON COLUMN icon.g_ir.created IS 'When it began';
COMMENT ON COLUMN icon.g_ir.terminated IS 'When it ended; null while it lasts';
COMMENT ON COLUMN icon.g_ir.gsys_seq IS 'Orders the rows of one interaction (seq)';
COMMENT ON COLUMN icon.g_ir.tenant IS 'Name of the tenant';
COMMENT ON COLUMN icon.g_ir.switch IS 'Name of the switch that the numbers belong to';
