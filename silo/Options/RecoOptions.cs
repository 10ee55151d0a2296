using Microsoft.Extensions.Options;

namespace Reco.Silo.Options;

/// <summary>Registers options the same way everywhere: bound to one section, unknown keys refused, validated before the start.</summary>
internal static class RecoOptions
{
    public static OptionsBuilder<T> AddRecoOptions<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddOptionsSection<T>(section);
        return services.AddOptions<T>()
            .BindConfiguration(section, Strictly)
            .ValidateDataAnnotations()
            .ValidateOnStart();
    }

    /// <summary>Binds the section; a key that the options do not have is an error.</summary>
    public static void BindStrictly(this IConfigurationSection section, object options) => section.Bind(options, Strictly);

    /// <summary>Makes options that are registered elsewhere known to <see cref="EffectiveOptionsLog"/>.</summary>
    public static void AddOptionsSection<T>(this IServiceCollection services, string section)
        where T : class =>
        services.AddSingleton(new OptionsSection(section, provider => provider.GetRequiredService<IOptions<T>>().Value));

    private static void Strictly(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;
}

/// <summary>A section that some options are bound to.</summary>
internal sealed record OptionsSection(string Name, Func<IServiceProvider, object> Read);
