// Bulk requests, update operators, transactions and idempotency keys, in both vocabularies.

import { transactions } from '../lib/transactions.mjs';
import { DOCUMENTS, TABLES } from '../lib/vocabulary.mjs';

transactions(DOCUMENTS);
transactions(TABLES);
