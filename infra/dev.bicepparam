// One developer's deployment: the cheapest of everything, and gone with its resource group (but for the vault, which
// keeps its name for 90 days).

using 'main.bicep'

param environmentName = 'dev'
param location = 'eastus2'
param hasSecondRegion = false
param backupDays = 7
// A developer's resource group must be deletable.
param auditPolicy = 'Off'
param cosmosMaxThroughput = 0
param dedicatedTenants = []
param keyVaultSku = 'standard'
param storageRedundancy = 'Standard_LRS'
param isPrivate = false
param hasFrontDoor = false
param wafMode = 'Detection'
param instanceMemory = 2048
param maxInstances = 40
param alwaysReady = 1
param recordShapes = false
param logRetentionDays = 30
param customHost = ''
param messageIdDomain = 'outbox.dev.practicpro.example'

// Who deploys, who is called, and what Google calls us: from the environment of whoever deploys.
var onCallText = readEnvironmentVariable('PRACTICPRO_ON_CALL', '')
param onCall = empty(onCallText) ? [] : split(onCallText, ',')
param deployersGroupId = readEnvironmentVariable('PRACTICPRO_DEPLOYERS', '')
param googleClientId = readEnvironmentVariable('PRACTICPRO_GOOGLE_CLIENT', '')
param pushTopic = readEnvironmentVariable('PRACTICPRO_PUSH_TOPIC', '')
param pushServiceAccount = readEnvironmentVariable('PRACTICPRO_PUSH_ACCOUNT', '')
