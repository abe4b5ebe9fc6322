-- Sign-ins through providers keep secrets of their own; nothing ever stood here.
ALTER TABLE cairn_one_time_tokens DROP COLUMN provider;
