// The program, as a custom handler on Flex Consumption. Flex has no slots: what is tried out first is another app, made by
// this same template in a resource group of its own (staging.bicepparam), with data and keys of its own.
//
// Every setting below is one that the program or the platform knows; a test holds the names to the program's options.

param name string
param location string
param tags object

@description('The identity the app runs as: resource id and client id.')
param identityId string
param identityClientId string

@description('Account and container of the host (storage.bicep).')
param hostStorageName string
param deploymentContainer string

param queueEndpoint string
param blobEndpoint string
param cosmosEndpoint string
param keyVaultEndpoint string
param keyVaultName string
param schedulerEndpoint string
param schedulerTaskHub string
param insightsConnection string

@allowed(['Off', 'Unlocked', 'Locked'])
param auditPolicy string

@description('Host name that callers use. Empty: the app\'s own.')
param publicHost string

@description('Host part of the Message-IDs that mark our mail.')
param messageIdDomain string

@description('Empty: no mailbox at Google can be connected.')
param googleClientId string
param pushTopic string
param pushServiceAccount string

@description('Notes the shapes of the host\'s calls in the log, for scripts/canary. For staging.')
param recordShapes bool

@description('Only Front Door with this id may call. Empty: anybody may.')
param frontDoorId string

@description('Subnet for what goes out. Empty: none.')
param subnetId string

@allowed([2048, 4096])
param instanceMemory int

@minValue(40)
@maxValue(1000)
param maxInstances int

@description('Instances that never sleep. With the scheduler at least one: it does not wake an app.')
@minValue(1)
param alwaysReady int

// As Azure writes them for people, which is what the database's client knows.
var regionNames = {
  eastus2: 'East US 2'
  centralus: 'Central US'
  northeurope: 'North Europe'
  westeurope: 'West Europe'
}

var host = empty(publicHost) ? '${name}.azurewebsites.net' : publicHost

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: '${name}-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

var settings = [
  // The host's storage, without a key. On Flex the runtime is named in functionAppConfig; the handler's process finds it as
  // FUNCTIONS_WORKER_RUNTIME, and says in the log (928) if it does not.
  { name: 'AzureWebJobsStorage__accountName', value: hostStorageName }
  { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
  { name: 'AzureWebJobsStorage__clientId', value: identityClientId }
  { name: 'AzureWebJobsDisableHomepage', value: 'true' }
  // Where to send telemetry (no secret: local sign-in is off there), and as whom.
  { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insightsConnection }
  { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${identityClientId};Authorization=AAD' }
  // The package is mounted read-only; this is for what may be lost with the instance.
  { name: 'Standalone__Folder', value: '/tmp/practicpro' }
  { name: 'Azure__ClientId', value: identityClientId }
  { name: 'Azure__Cosmos__Endpoint', value: cosmosEndpoint }
  { name: 'Azure__Cosmos__Database', value: 'practicpro' }
  { name: 'Azure__Cosmos__Region', value: regionNames[location] }
  { name: 'Azure__Cosmos__Direct', value: 'true' }
  { name: 'Azure__KeyVault__Endpoint', value: keyVaultEndpoint }
  { name: 'Azure__Blobs__Endpoint', value: blobEndpoint }
  { name: 'Azure__Blobs__AuditPolicy', value: auditPolicy }
  { name: 'Azure__Queues__Endpoint', value: queueEndpoint }
  { name: 'Scheduler__Endpoint', value: schedulerEndpoint }
  { name: 'Scheduler__TaskHub', value: schedulerTaskHub }
  { name: 'Scheduler__Authentication', value: 'ManagedIdentity' }
  { name: 'Scheduler__ClientId', value: identityClientId }
  { name: 'Functions__DurableExtension', value: '3' }
  // Proxies before the app whose word on the caller is taken: the platform's front end, and Front Door before it.
  { name: 'Functions__TrustedHops', value: empty(frontDoorId) ? '1' : '2' }
  { name: 'Functions__RecordShapes', value: recordShapes ? 'log' : 'off' }
  { name: 'Approvals__MessageIdDomain', value: messageIdDomain }
  // Each provider's notifications come to /webhooks/PROVIDER there. One setting for all: a provider's name may hold a hyphen,
  // and the name of a setting here may not.
  { name: 'Sync__WebhookBaseUri', value: 'https://${host}' }
]

var googleSettings = empty(googleClientId)
  ? []
  : [
      { name: 'Sync__GoogleClientId', value: googleClientId }
      { name: 'Sync__GoogleClientSecret', value: '@Microsoft.KeyVault(VaultName=${keyVaultName};SecretName=google-client-secret)' }
      { name: 'Sync__RedirectUri', value: 'https://${host}/connect/google/callback' }
    ]

var pushSettings = empty(pushTopic)
  ? []
  : [
      { name: 'Sync__PushTopic', value: pushTopic }
      { name: 'Sync__PushAudience', value: 'https://${host}/webhooks/gmail' }
      { name: 'Sync__PushServiceAccount', value: pushServiceAccount }
    ]

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // As whom references to secrets are followed.
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maxInstances
        alwaysReady: [
          {
            name: 'http'
            instanceCount: alwaysReady
          }
        ]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: concat(settings, googleSettings, pushSettings)
      ipSecurityRestrictionsDefaultAction: empty(frontDoorId) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(frontDoorId)
        ? []
        : [
            {
              name: 'our-front-door'
              priority: 100
              action: 'Allow'
              tag: 'ServiceTag'
              ipAddress: 'AzureFrontDoor.Backend'
              headers: {
                'x-azure-fdid': [frontDoorId]
              }
            }
          ]
    }
  }
}

// Who deploys signs in as himself, and not by a name and a secret of the app.
resource noBasicFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noBasicScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output id string = app.id
output name string = app.name
output publicHost string = host
