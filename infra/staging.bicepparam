// The app that each package meets first (Flex Consumption has no slots). The same template as production, data and keys of
// its own, nobody's real mailbox.

using 'main.bicep'

param environmentName = 'staging'
param location = 'eastus2'
param hasSecondRegion = false
param backupDays = 30
// Held, and yet a rehearsal can be taken down.
param auditPolicy = 'Unlocked'
param cosmosMaxThroughput = 0
// So that moving a tenant is rehearsed here.
param dedicatedTenants = ['rehearsal']
param keyVaultSku = 'standard'
param storageRedundancy = 'Standard_LRS'
param isPrivate = false
param hasFrontDoor = false
param wafMode = 'Detection'
param instanceMemory = 2048
param maxInstances = 40
param alwaysReady = 1
// scripts/canary reads them.
param recordShapes = true
param logRetentionDays = 30
param customHost = ''
param messageIdDomain = 'outbox.staging.practicpro.example'

// Who deploys, who is called, and what Google calls us: from the environment of whoever deploys.
var onCallText = readEnvironmentVariable('PRACTICPRO_ON_CALL', '')
param onCall = empty(onCallText) ? [] : split(onCallText, ',')
param deployersGroupId = readEnvironmentVariable('PRACTICPRO_DEPLOYERS', '')
param googleClientId = readEnvironmentVariable('PRACTICPRO_GOOGLE_CLIENT', '')
param pushTopic = readEnvironmentVariable('PRACTICPRO_PUSH_TOPIC', '')
param pushServiceAccount = readEnvironmentVariable('PRACTICPRO_PUSH_ACCOUNT', '')
