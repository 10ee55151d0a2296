using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Reco.Adapters.Postgres.Tuning;

namespace Reco.ClientApi.Tuning;

/// <summary>The laboratory, where PostgreSQL is configured.</summary>
internal sealed record TuningServices(TuningLab? Lab)
{
    /// <summary><see cref="TuningFilter"/> has answered already where there is none.</summary>
    public TuningLab Required => Lab ?? throw new InvalidOperationException("the tuning endpoints run behind TuningFilter");

    /// <summary>Binds it as the parameter of an endpoint.</summary>
    public static ValueTask<TuningServices> BindAsync(HttpContext context) => new(new TuningServices(context.RequestServices.GetService<TuningLab>()));
}
