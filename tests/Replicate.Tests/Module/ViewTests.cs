using System.Xml.Linq;
using Replicate.Tests.Support;

namespace Replicate.Tests.Module;

public class ViewTests
{
    private static readonly string Directory = Path.Combine(Checkout.Root, "module");

    /// <summary>Members that type files and cmdlets add to a type.</summary>
    private static readonly ILookup<string, string> Added = Load("Replicate.Types.ps1xml").Descendants("Type")
        .SelectMany(type => type.Element("Members")!.Elements().Where(member => member.Name != "MemberSet").Descendants("Name")
            .Select(name => (Type: (string)type.Element("Name")!, Member: name.Value)))
        .ToLookup(member => member.Type, member => member.Member);

    [Fact]
    public void Every_property_of_a_view_exists_on_its_type()
    {
        var views = Load("Replicate.Format.ps1xml").Descendants("View").ToList();
        Assert.NotEmpty(views);
        foreach (var view in views)
        {
            foreach (var typeName in view.Descendants("TypeName").Select(name => name.Value))
            {
                Assert.All(
                    view.Descendants("PropertyName").Select(name => name.Value),
                    property => Assert.True(HasProperty(typeName, property), $"{typeName} has no property {property}."));
            }
        }
    }

    [Fact]
    public void Every_extended_type_exists() =>
        Assert.All(Added.Select(type => type.Key), name => Assert.NotNull(TypeOf(name)));

    [Fact]
    public void The_detail_view_has_the_fields_that_the_command_shows_in_their_order()
    {
        var view = Load("Replicate.Format.ps1xml").Descendants("View").Single(view => (string?)view.Element("Name") == "Experiment in detail");
        Assert.Equal(
            Replicate.Presentation.DetailFields.Names,
            view.Descendants("ListItem").Select(item => (string?)item.Element("Label")).OfType<string>().TakeWhile(label => label != "Repository"));
    }

    private static bool HasProperty(string typeName, string property) =>
        TypeOf(typeName)?.GetProperty(property) is not null || Added[BaseName(typeName)].Contains(property);

    private static Type? TypeOf(string name) =>
        typeof(Project).Assembly.GetType(BaseName(name))
        ?? System.Reflection.Assembly.Load("Replicate.PowerShell").GetType(BaseName(name));

    // A view of a type of its own, such as Replicate.Difference#Many, is one of the type before the sign; what came from another
    // session has the properties that it had there.
    private static string BaseName(string typeName) => typeName.Split('#')[0].Replace("Deserialized.", "", StringComparison.Ordinal);

    private static XDocument Load(string file) => XDocument.Load(Path.Combine(Directory, file));
}
