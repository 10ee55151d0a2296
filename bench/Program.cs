using System.CommandLine;
using System.CommandLine.Help;
using Reco.Bench.Cluster;
using Reco.Bench.Freshness;
using Reco.Bench.Generator;
using Reco.Bench.Ingest;
using Reco.Bench.Kafka;
using Reco.Bench.Orders;
using Reco.Bench.Redis;
using Reco.Bench.Search;
using Reco.Bench.Sharding;
using Reco.Bench.Training;

var bench = new Command("bench", "Measures Reco on this machine. With --json the only thing on stdout is one JSON object.")
{
    IngestBenchmark.Command(),
    GeneratorBenchmark.Command(),
    FreshnessBenchmark.Command(),
    KafkaBenchmark.Command(),
    ClusterBenchmark.Command(),
    OrdersBenchmark.Command(),
    RedisBenchmark.Command(),
    CacheBenchmark.Command(),
    TrainingBenchmark.Command(),
    SearchBenchmark.Command(),
    ShardingBenchmark.Command(),
    new HelpOption(),
};
return await bench.Parse(args).InvokeAsync();
