// Databases in the vocabulary of collections, attributes and documents.

import { databases } from '../lib/databases.mjs';
import { DOCUMENTS } from '../lib/vocabulary.mjs';

databases(DOCUMENTS);
