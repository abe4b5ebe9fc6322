-- The collection that a relationship leads to, so that the relationships to a collection are found without reading
-- every definition.
ALTER TABLE cairn_attributes ADD COLUMN related BIGINT;
CREATE INDEX cairn_attributes_related ON cairn_attributes (project, related) WHERE related IS NOT NULL;
