// The European Union (OPS-3). Nothing is shared with the other region: not data, not keys, not logs.

using 'main.bicep'

param environmentName = 'production'
param location = 'northeurope'
param hasSecondRegion = true
param backupDays = 30
param auditPolicy = 'Locked'
param cosmosMaxThroughput = 10000
// The ids of tenants with a database of their own; made here before one is moved there.
param dedicatedTenants = []
param keyVaultSku = 'premium'
param storageRedundancy = 'Standard_GZRS'
param isPrivate = true
param hasFrontDoor = true
// Until a month of its log shows nothing that people meant; then Prevention.
param wafMode = 'Detection'
param instanceMemory = 4096
param maxInstances = 200
param alwaysReady = 2
param recordShapes = false
param logRetentionDays = 365
param customHost = ''
param messageIdDomain = 'outbox.eu.practicpro.example'

// Who deploys, who is called, and what Google calls us: from the environment of whoever deploys.
var onCallText = readEnvironmentVariable('PRACTICPRO_ON_CALL', '')
param onCall = empty(onCallText) ? [] : split(onCallText, ',')
param deployersGroupId = readEnvironmentVariable('PRACTICPRO_DEPLOYERS', '')
param googleClientId = readEnvironmentVariable('PRACTICPRO_GOOGLE_CLIENT', '')
param pushTopic = readEnvironmentVariable('PRACTICPRO_PUSH_TOPIC', '')
param pushServiceAccount = readEnvironmentVariable('PRACTICPRO_PUSH_ACCOUNT', '')
