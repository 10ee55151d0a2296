using Reco.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
