// One database: the common one of a region, or one of a tenant's own (ISO-2). Both look the same, so that a tenant can be
// moved from the one to the other. Made by a deployment and not by the program, which has no right to make one.

param accountName string
param name string
param tags object
param appPrincipalId string

@description('Most request units a second, scaling down to a tenth. 0: the account is serverless.')
param maxThroughput int

@description('Which tenants exist and in which database they are. In the common database only.')
param hasFleet bool

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' existing = {
  name: accountName
}

resource database 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases@2025-10-15' = {
  parent: account
  name: name
  tags: tags
  properties: {
    resource: {
      id: name
    }
  }
}

// The tenant is the partition: no request can name two. Indexed is what the program lists by, and nothing else.
resource records 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = {
  parent: database
  name: 'records'
  tags: tags
  properties: {
    resource: {
      id: 'records'
      partitionKey: {
        paths: ['/tenant']
        kind: 'Hash'
        version: 2
      }
      indexingPolicy: loadJsonContent('cosmos/records-indexing.json')
      // Items that carry a time to live expire; all others stay.
      defaultTtl: -1
    }
    options: maxThroughput == 0
      ? {}
      : {
          autoscaleSettings: {
            maxThroughput: maxThroughput
          }
        }
  }
}

resource fleet 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers@2025-10-15' = if (hasFleet) {
  parent: database
  name: 'fleet'
  tags: tags
  properties: {
    resource: {
      id: 'fleet'
      partitionKey: {
        paths: ['/p']
        kind: 'Hash'
        version: 2
      }
      indexingPolicy: loadJsonContent('cosmos/fleet-indexing.json')
      defaultTtl: -1
    }
    options: maxThroughput == 0
      ? {}
      : {
          autoscaleSettings: {
            maxThroughput: 1000
          }
        }
  }
}

// On this database alone. A role cannot go below a container, so the wall between tenants of one container is the
// program's and the vault's; a tenant with a database of its own is behind a wall of Azure's as well.
resource appOnDatabase 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-10-15' = {
  parent: account
  name: guid(account.id, name, appPrincipalId)
  properties: {
    // Cosmos DB Built-in Data Contributor
    roleDefinitionId: '${account.id}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002'
    principalId: appPrincipalId
    scope: '${account.id}/dbs/${database.name}'
  }
}
