// Documents. One account a region; one region writes, and a second one of the same geography (OPS-3) can take over.

param name string
param location string
param tags object
param appPrincipalId string

@description('Takes over when the first is lost. Empty: there is none.')
param secondLocation string

@description('How far back a restore can go (OPS-1). An account has one window for all in it: with any tenant on the 30-day plan it is 30.')
@allowed([7, 30])
param backupDays int

@description('Most request units a second of the records. 0: serverless, paid by request, one region.')
param maxThroughput int

@description('Tenants that have a database of their own (ISO-2), by id. Each is named as Azure:Cosmos:DedicatedPrefix says.')
param dedicatedTenants string[]

@description('Closed to the internet; reached by private endpoint.')
param isPrivate bool

param workspaceId string

var isServerless = maxThroughput == 0
var first = {
  locationName: location
  failoverPriority: 0
  isZoneRedundant: !isServerless
}
var second = {
  locationName: secondLocation
  failoverPriority: 1
  isZoneRedundant: false
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-10-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    // No keys: who asks shows a token, and the roles in cosmos-database.bicep say what for.
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAclBypass: 'None'
    locations: empty(secondLocation) ? [first] : [first, second]
    // One region writes. With two, "the version I read" would be two truths.
    enableMultipleWriteLocations: false
    enableAutomaticFailover: !empty(secondLocation)
    // Where it writes, a read sees every write before it; in the second region it is behind by these at most, and so is
    // what could be lost with the first one. The least Azure allows for two regions.
    consistencyPolicy: {
      defaultConsistencyLevel: 'BoundedStaleness'
      maxIntervalInSeconds: 300
      maxStalenessPrefix: 100000
    }
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: {
        tier: backupDays == 7 ? 'Continuous7Days' : 'Continuous30Days'
      }
    }
    capabilities: isServerless
      ? [
          {
            name: 'EnableServerless'
          }
        ]
      : []
  }
}

module common 'cosmos-database.bicep' = {
  params: {
    accountName: account.name
    name: 'practicpro'
    tags: tags
    appPrincipalId: appPrincipalId
    maxThroughput: maxThroughput
    hasFleet: true
  }
}

// One after another: the account takes one change of its role assignments at a time.
@batchSize(1)
module dedicated 'cosmos-database.bicep' = [
  for tenantId in dedicatedTenants: {
    dependsOn: [common]
    params: {
      accountName: account.name
      name: 'practicpro-${tenantId}'
      tags: tags
      appPrincipalId: appPrincipalId
      maxThroughput: isServerless ? 0 : 1000
      hasFleet: false
    }
  }
]

// Who changed the account. Not the requests or queries: their logs hold partition keys and query texts.
resource changes 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'changes'
  scope: account
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'ControlPlaneRequests'
        enabled: true
      }
    ]
    metrics: [
      {
        category: 'Requests'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output endpoint string = account.properties.documentEndpoint
