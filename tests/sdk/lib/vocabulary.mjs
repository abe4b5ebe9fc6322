// The two vocabularies of databases, so that one suite speaks both: what a method and a parameter are called in each.

export const DOCUMENTS = {
  service: 'Databases', things: 'Collection', field: 'Attribute', item: 'Document',
  thingsId: 'collectionId', itemId: 'documentId', fields: 'attributes', items: 'documents', security: 'documentSecurity',
  stepped: 'attribute', increment: 'incrementDocumentAttribute', decrement: 'decrementDocumentAttribute',
};

export const TABLES = {
  service: 'TablesDB', things: 'Table', field: 'Column', item: 'Row',
  thingsId: 'tableId', itemId: 'rowId', fields: 'columns', items: 'rows', security: 'rowSecurity',
  stepped: 'column', increment: 'incrementRowColumn', decrement: 'decrementRowColumn',
};

/** Every type of attribute that needs no other table: how it is made and changed, and how the answer names it. */
export const TYPES = [
  { type: 'String', make: { size: 40 }, default: 'a', shown: { type: 'string', size: 40 } },
  { type: 'Varchar', make: { size: 40 }, default: 'b', shown: { type: 'varchar', size: 40 } },
  { type: 'Text', default: 'c', shown: { type: 'text' } },
  { type: 'Mediumtext', default: 'd', shown: { type: 'mediumtext' } },
  { type: 'Longtext', default: 'e', shown: { type: 'longtext' } },
  { type: 'Integer', make: { min: 1, max: 9 }, change: { min: 1, max: 9 }, default: 5, shown: { type: 'integer', min: 1, max: 9 } },
  { type: 'BigInt', default: 6, shown: { type: 'bigint' } },
  { type: 'Float', make: { min: 0.5, max: 2.5 }, change: { min: 0.5, max: 2.5 }, default: 1.5, shown: { type: 'double', min: 0.5, max: 2.5 } },
  { type: 'Boolean', default: true, shown: { type: 'boolean' } },
  { type: 'Datetime', default: '2026-01-02T03:04:05.678+00:00', shown: { type: 'datetime' } },
  { type: 'Email', default: 'ada@example.org', shown: { type: 'string', format: 'email' } },
  { type: 'Url', default: 'https://example.org/', shown: { type: 'string', format: 'url' } },
  { type: 'Ip', default: '127.0.0.1', shown: { type: 'string', format: 'ip' } },
  {
    type: 'Enum',
    make: { elements: ['red', 'green'] },
    change: { elements: ['red', 'green', 'blue'] },
    default: 'green',
    shown: { type: 'string', format: 'enum', elements: ['red', 'green'] },
  },
  { type: 'Point', default: [1, 2.5], shown: { type: 'point' } },
  { type: 'Line', default: [[1, 2], [3, 4]], shown: { type: 'linestring' } },
  { type: 'Polygon', default: [[[0, 0], [3, 0], [3, 3], [0, 0]]], shown: { type: 'polygon' } },
];
