// PracticPro in one region, in one resource group: everything a tenant of this region has stays in its geography (OPS-3).
// Another region is another resource group and another parameter file.
//
//   az deployment group create -g GROUP -f infra/main.bicep -p infra/ENVIRONMENT.bicepparam
//
// scripts/deploy does that and the rest.

targetScope = 'resourceGroup'

@allowed(['dev', 'staging', 'production'])
param environmentName string

@description('Where the data is. Without a default: nobody should get one by accident.')
@allowed(['eastus2', 'centralus', 'northeurope', 'westeurope'])
param location string

@description('A second region of the same geography keeps a copy and takes over.')
param hasSecondRegion bool

@description('How far back a restore can go, in days; the longest of all plans here.')
@allowed([7, 30])
param backupDays int

@allowed(['Off', 'Unlocked', 'Locked'])
param auditPolicy string

@description('Most request units a second of the records. 0: serverless.')
param cosmosMaxThroughput int

@description('Tenants that have a database of their own (ISO-2), by id.')
param dedicatedTenants string[]

@allowed(['standard', 'premium'])
param keyVaultSku string

@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageRedundancy string

@description('Private endpoints, and no way in from the internet to what holds data.')
param isPrivate bool

@description('Front Door and a firewall in front of the app.')
param hasFrontDoor bool

@allowed(['Detection', 'Prevention'])
param wafMode string

@allowed([2048, 4096])
param instanceMemory int
param maxInstances int
param alwaysReady int

@description('Notes the shapes of the host\'s calls, for scripts/canary.')
param recordShapes bool

param logRetentionDays int

@description('Mail addresses of those on call.')
param onCall string[]

@description('Object id of the group that deploys. Empty: owners only.')
param deployersGroupId string

@description('Host name of our own. Empty: the one that Azure gives.')
param customHost string

param messageIdDomain string
param googleClientId string
param pushTopic string
param pushServiceAccount string

// The other half of each pair, never chosen by hand: a wrong pair would move data out of its geography.
var pairs = {
  eastus2: 'centralus'
  centralus: 'eastus2'
  northeurope: 'westeurope'
  westeurope: 'northeurope'
}

var suffix = substring(uniqueString(resourceGroup().id), 0, 8)
var short = {
  dev: 'dev'
  staging: 'stg'
  production: 'prd'
}[environmentName]
var name = 'practicpro-${short}-${suffix}'
var appHost = '${name}.azurewebsites.net'
var tags = {
  application: 'practicpro'
  environment: environmentName
  region: location
  data: environmentName == 'production' ? 'sealed-customer-content' : 'test'
}

module identity 'identity.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
  }
}

module monitoring 'monitoring.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    onCall: onCall
    retentionDays: logRetentionDays
  }
}

module storage 'storage.bicep' = {
  params: {
    prefix: 'pp${short}'
    suffix: suffix
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    deployersGroupId: deployersGroupId
    redundancy: storageRedundancy
    backupDays: backupDays
    auditPolicy: auditPolicy
    isPrivate: isPrivate
    workspaceId: monitoring.outputs.workspaceId
  }
}

module keyVault 'keyvault.bicep' = {
  params: {
    name: 'pp-${short}-${suffix}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    sku: keyVaultSku
    isPrivate: isPrivate
    workspaceId: monitoring.outputs.workspaceId
  }
}

module cosmos 'cosmos.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    secondLocation: hasSecondRegion ? pairs[location] : ''
    backupDays: backupDays
    maxThroughput: cosmosMaxThroughput
    dedicatedTenants: dedicatedTenants
    isPrivate: isPrivate
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'scheduler.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
  }
}

module network 'network.bicep' = if (isPrivate) {
  params: {
    name: name
    location: location
    tags: tags
    keyVaultId: keyVault.outputs.id
    cosmosId: cosmos.outputs.id
    hostStorageId: storage.outputs.hostId
    contentStorageId: storage.outputs.contentId
  }
}

module frontDoor 'frontdoor.bicep' = if (hasFrontDoor) {
  params: {
    name: name
    tags: tags
    appHost: appHost
    wafMode: wafMode
    workspaceId: monitoring.outputs.workspaceId
  }
}

var outside = hasFrontDoor ? frontDoor!.outputs.host : appHost

module functions 'functions.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: storage.outputs.hostName
    deploymentContainer: storage.outputs.deploymentContainer
    queueEndpoint: storage.outputs.queueEndpoint
    blobEndpoint: storage.outputs.blobEndpoint
    cosmosEndpoint: cosmos.outputs.endpoint
    keyVaultEndpoint: keyVault.outputs.endpoint
    keyVaultName: keyVault.outputs.name
    schedulerEndpoint: scheduler.outputs.endpoint
    schedulerTaskHub: scheduler.outputs.taskHub
    insightsConnection: monitoring.outputs.insightsConnection
    auditPolicy: auditPolicy
    publicHost: empty(customHost) ? outside : customHost
    messageIdDomain: messageIdDomain
    googleClientId: googleClientId
    pushTopic: pushTopic
    pushServiceAccount: pushServiceAccount
    recordShapes: recordShapes
    frontDoorId: hasFrontDoor ? frontDoor!.outputs.frontDoorId : ''
    subnetId: isPrivate ? network!.outputs.appSubnetId : ''
    instanceMemory: instanceMemory
    maxInstances: maxInstances
    alwaysReady: alwaysReady
  }
}

module alerts 'alerts.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    pagerId: monitoring.outputs.pagerId
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    keyVaultId: keyVault.outputs.id
    cosmosId: cosmos.outputs.id
    publicHost: functions.outputs.publicHost
    appPrincipalId: identity.outputs.principalId
  }
}

// What scripts/deploy and scripts/canary ask for.
output app string = functions.outputs.name
output host string = functions.outputs.publicHost
output hostStorage string = storage.outputs.hostName
output workspace string = monitoring.outputs.workspaceCustomerId
