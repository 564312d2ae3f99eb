// Stands where the Azure Functions host stands; see README.md.
return 0;
