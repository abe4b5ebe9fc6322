// Databases in the vocabulary of tables, columns and rows.

import { databases } from '../lib/databases.mjs';
import { TABLES } from '../lib/vocabulary.mjs';

databases(TABLES);
