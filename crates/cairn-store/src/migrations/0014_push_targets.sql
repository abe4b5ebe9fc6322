-- A push target that a client made goes with the session in which it did; those that administrators made have none.
ALTER TABLE cairn_targets ADD COLUMN session_id TEXT;
