//! Lists on both engines, compared with the meaning of queries.
