using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Reco.Adapters.Postgres.Schema.Configurations;

/// <summary>What columns have in common.</summary>
internal static class Columns
{
    /// <summary>
    /// Ids are compared byte by byte whatever the database's locale: indexes on them are faster so, survive an update of the system's
    /// locales, and agree with the ordinal order that C# sorts by.
    /// </summary>
    public static PropertyBuilder<T> IsId<T>(this PropertyBuilder<T> property) => property.UseCollation("C");

    /// <summary>Gives every column and primary key the name that PostgreSQL itself would: user_id, orders_pkey.</summary>
    public static void UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }

            entity.FindPrimaryKey()?.SetName($"{entity.GetTableName()}_pkey");
        }
    }

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
