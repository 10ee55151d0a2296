global using Reco.Testing;
