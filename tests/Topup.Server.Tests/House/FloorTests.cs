using Mono.Cecil;
using Mono.Cecil.Cil;
using Shouldly;
using Xunit;

namespace Topup.Server.Tests.House;

/// <summary>
/// Calls go down, news goes up through the outbox: a room names only rooms on lower floors, and never a neighbour. Read
/// from the built assemblies, so neither a relative name nor a method body hides anything; constants and nameof leave no
/// trace there and are not seen.
/// </summary>
public sealed class FloorTests
{
    private const int Ground = 0;
    private const int Roof = 8;

    /// <summary>Rooms that are not built yet have their floor already.</summary>
    private static readonly Dictionary<string, int> ServerRooms = new()
    {
        ["Storage"] = Ground,
        ["Http"] = Ground,
        ["Tenancy"] = 1,
        ["Catalog"] = 2,
        ["Ledger"] = 3,
        ["Checkout"] = 4,
        ["Imports"] = 4,
        ["Messaging"] = 4,
        ["Usage"] = 4,
        ["AddOns"] = 5,
        ["Automation"] = 6,
        ["Web"] = 7,
        [""] = Roof,
    };

    /// <summary>What belongs to no room (amounts, instants) lies under all of them.</summary>
    private static readonly Dictionary<string, int> DomainRooms = new()
    {
        [""] = Ground,
        ["Templates"] = Ground,
        ["Tenancy"] = 1,
        ["Catalog"] = 2,
        ["Ledger"] = 3,
        ["Checkout"] = 4,
        ["Imports"] = 4,
        ["Messaging"] = 4,
        ["Usage"] = 4,
        ["AddOns"] = 5,
        ["Automation"] = 6,
    };

    private static readonly string[] PureReferences =
        ["System.Runtime", "System.Collections", "System.Collections.Immutable", "System.Linq", "System.Memory", "System.Security.Cryptography", "System.Text.Encodings.Web"];

    [Fact]
    public void Rooms_of_the_server_name_only_lower_floors() => WrongWays("Topup.Server", ServerRooms).ShouldBeEmpty();

    [Fact]
    public void Rooms_of_the_domain_name_only_lower_floors() => WrongWays("Topup.Domain", DomainRooms).ShouldBeEmpty();

    [Theory]
    [InlineData("Topup.Server")]
    [InlineData("Topup.Domain")]
    public void Every_room_has_a_floor(string name)
    {
        using var assembly = Assemblies.Read(name);
        var rooms = name == "Topup.Server" ? ServerRooms : DomainRooms;
        Assemblies.Types(assembly).Select(type => RoomOf(type, name)).OfType<string>().Distinct().Where(room => !rooms.ContainsKey(room)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Topup.Domain")]
    [InlineData("Topup.Contracts")]
    [InlineData("Topup.Client", "Topup.Contracts")]
    [InlineData("topup", "Topup.Contracts", "Topup.Client")]
    [InlineData("Topup.Server", "Topup.Contracts", "Topup.Domain")]
    public void Each_project_knows_only_those_it_may(string name, params string[] may)
    {
        using var assembly = Assemblies.Read(name);
        References(assembly).Where(reference => reference.StartsWith("Topup.", StringComparison.Ordinal)).Except(may).ShouldBeEmpty();
    }

    [Fact]
    public void The_domain_is_pure()
    {
        using var domain = Assemblies.Read("Topup.Domain");
        References(domain).Except(PureReferences).ShouldBeEmpty();
        var impure = from type in Assemblies.Types(domain)
            from name in Assemblies.Names(type)
            where IsImpure(name.Named)
            select $"{name.Member} names {name.Named.FullName}";
        impure.ShouldBeEmpty();
    }

    [Fact]
    public void The_domain_has_no_floating_point()
    {
        using var domain = Assemblies.Read("Topup.Domain");
        var types = Assemblies.Types(domain).ToList();
        var named = from type in types
            from name in Assemblies.Names(type)
            where name.Named.MetadataType is MetadataType.Double or MetadataType.Single || name.Named.FullName == "System.Half"
            select name.Member;
        var computed = from type in types
            from method in type.Methods
            where method.HasBody && method.Body.Instructions.Any(instruction => IsFloating(instruction.OpCode.Code))
            select method.FullName;
        named.Concat(computed).Distinct().ShouldBeEmpty();
    }

    private static List<string> WrongWays(string name, Dictionary<string, int> floors)
    {
        using var assembly = Assemblies.Read(name);
        var wrong = from type in Assemblies.Types(assembly)
            let room = RoomOf(type, name)
            where room is not null
            from named in Assemblies.Names(type)
            let other = RoomOf(named.Named, name)
            where other is not null && !MayName(room, other, floors)
            select $"{room} (floor {floors.GetValueOrDefault(room, -1)}) names {other} (floor {floors.GetValueOrDefault(other, -1)}): {named.Member} names {named.Named.FullName}";
        return [.. wrong.Distinct()];
    }

    private static bool MayName(string room, string other, Dictionary<string, int> floors)
    {
        if (room == other) return true;
        if (!floors.TryGetValue(room, out var from) || !floors.TryGetValue(other, out var to)) return false;
        // On the ground lies what everybody stands on; it is one floor of two rooms that may see each other.
        return from > to || (from == Ground && to == Ground);
    }

    /// <summary>Null: the type is not of this assembly's house, such as one that the compiler made outside of it.</summary>
    private static string? RoomOf(TypeReference type, string root)
    {
        var space = Assemblies.NamespaceOf(type);
        if (space == root) return "";
        return space.StartsWith(root + ".", StringComparison.Ordinal) ? space[(root.Length + 1)..].Split('.')[0] : null;
    }

    private static IEnumerable<string> References(AssemblyDefinition assembly) =>
        assembly.MainModule.AssemblyReferences.Select(reference => reference.Name);

    private static bool IsImpure(TypeReference type) =>
        type.Namespace is "System.IO" or "System.Net" or "System.Threading.Tasks"
        || type.FullName is "System.TimeProvider" or "System.Random" or "System.Console" or "System.Environment" or "System.Security.Cryptography.RandomNumberGenerator" or "System.Threading.Thread";

    private static bool IsFloating(Code code) =>
        code is Code.Ldc_R4 or Code.Ldc_R8 or Code.Conv_R4 or Code.Conv_R8 or Code.Conv_R_Un
            or Code.Ldelem_R4 or Code.Ldelem_R8 or Code.Stelem_R4 or Code.Stelem_R8
            or Code.Ldind_R4 or Code.Ldind_R8 or Code.Stind_R4 or Code.Stind_R8;
}
