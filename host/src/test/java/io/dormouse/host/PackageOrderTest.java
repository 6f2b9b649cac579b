package io.dormouse.host;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class PackageOrderTest {
  private static final String API = "io.dormouse.api";
  private static final String ROOT = "io.dormouse.host";
  private static final String ENGINE = ROOT + ".engine";
  private static final String PROTOCOL = ROOT + ".protocol";
  private static final String NAMESPACE = ROOT + ".namespace";
  private static final String PLUGIN = ROOT + ".plugin";
  private static final String BACKPLANE = ROOT + ".backplane";
  private static final String HOOK = ROOT + ".hook";
  private static final String LIFECYCLE = ROOT + ".lifecycle";
  private static final String ADMIN = ROOT + ".admin";
  private static final String CLI = ROOT + ".cli";

  /** As an event flows. The root comes last: it wires the others. */
  private static final List<String> ORDER =
      List.of(ENGINE, PROTOCOL, NAMESPACE, PLUGIN, BACKPLANE, HOOK, LIFECYCLE, ADMIN, CLI, ROOT);

  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(PackageOrderTest::isWrittenByHand)
            .importPackages(API, ROOT);
  }

  @AfterAll
  static void forget() {
    all = null;
  }

  /** Micronaut generates a class beside each bean, {@code $Wiring$Definition}. */
  private static boolean isWrittenByHand(Location location) {
    return !location.matches(Pattern.compile(".*/\\$[^/]*\\.class"));
  }

  @Test
  void eachPackageHasItsPlaceInTheOrder() {
    classes()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .resideInAnyPackage(ORDER.toArray(String[]::new))
        .check(all);
  }

  @Test
  void aPackageKnowsOnlyThoseAboveIt() {
    for (int i = 0; i < ORDER.size() - 1; i++) {
      noClasses()
          .that()
          .resideInAPackage(ORDER.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ORDER.subList(i + 1, ORDER.size()).toArray(String[]::new))
          .allowEmptyShould(true)
          .check(all);
    }
  }

  @Test
  void protocolDoesNotKnowTheEngine() {
    noClasses()
        .that()
        .resideInAPackage(PROTOCOL)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ENGINE)
        .check(all);
  }

  @Test
  void engineAndProtocolMeetInNamespaceOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(NAMESPACE, ROOT)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ENGINE)
        .andShould()
        .dependOnClassesThat()
        .resideInAPackage(PROTOCOL)
        .check(all);
  }

  /** A command starts at once, because nothing of the host is loaded for it. */
  @Test
  void theClientKnowsNothingOfTheHost() {
    noClasses()
        .that()
        .resideInAPackage(CLI)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(API + "..", ROOT + "..").and(not(resideInAPackage(CLI))))
        .check(all);
  }

  @Test
  void theApiKnowsTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage(API + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(API, "java..", "org.jspecify.annotations")
        .check(all);
  }

  @Test
  void noPackageIsNamedAfterNothing() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..common..",
            "..model..",
            "..impl..",
            "..handler..",
            "..service..",
            "..config..")
        .check(all);
  }

  @Test
  void aLibraryStaysWhereItIsNeeded() {
    onlyIn("io.helidon..", ENGINE, HOOK, ADMIN, ROOT);
    onlyIn("org.pf4j..", PLUGIN);
    onlyIn("org.redisson..", BACKPLANE);
    onlyIn("ch.qos.logback..", ROOT);
    onlyIn("picocli..", CLI, ROOT);
  }

  private static void onlyIn(String library, String... packages) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(all);
  }

  @Test
  void jacksonIsKnownToProtocolToWhatIsStoredOrPublishedAndToBothEndsOfAdmin() {
    noClasses()
        .that()
        .resideOutsideOfPackages(PROTOCOL, BACKPLANE, CLI)
        .and()
        .haveNameNotMatching(PLUGIN + "\\.(StoredState|InstallationStore)(\\$.*)?")
        .and()
        .haveNameNotMatching(HOOK + "\\.EventJson")
        .and()
        .haveNameNotMatching(ADMIN + "\\.Json(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.fasterxml.jackson..")
        .check(all);
  }

  @Test
  void outsideOfTheRootMicronautOnlyAnnotatesSettings() {
    DescribedPredicate<JavaClass> annotation =
        DescribedPredicate.describe("are annotations", JavaClass::isAnnotation);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .should()
        .dependOnClassesThat(resideInAPackage("io.micronaut..").and(not(annotation)))
        .check(all);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT)
        .and()
        .haveNameNotMatching(".*Settings(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micronaut..")
        .check(all);
  }
}
