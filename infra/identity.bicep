// Who the program is. One identity for the function app; what it may do is assigned in the file of each family it uses,
// and nowhere else. User-assigned, so that it (and all that was granted to it) outlives an app that is made anew.

param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
